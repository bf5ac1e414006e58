/**
 * One service centre for all modems: it takes SUBMITs into the ledger, keeps and forwards them, and
 * reports what became of them (23.040 clause 3).
 */
import type { FaultAction, PartOrder, Span } from "#hardware/simulator/faults/actions.ts";
import type { Faults } from "#hardware/simulator/faults/faults.ts";
import { spanMs } from "#hardware/simulator/faults/span.ts";
import type { Ledger } from "#hardware/simulator/ledger.ts";
import type { UssdEntry } from "#hardware/simulator/modem/ussd.ts";
import type { Sim } from "#hardware/simulator/sim/sim.ts";
import type { Clock } from "#shared/clock.ts";
import type { Random } from "#shared/random.ts";
import { arranged } from "./bursts.ts";
import { composeDelivers, type TextToSim } from "./compose.ts";
import { drawLatencyMs, type Latency } from "./latency.ts";
import type { Letter } from "./mailbox.ts";
import {
  deliverOf,
  type MobileTerminated,
  mobileTerminated,
  serviceCentreHex,
  timestampHex,
} from "./mobile-terminated.ts";
import { Operator } from "./operator.ts";
import type { NetworkSettings } from "./options.ts";
import { Receipt } from "./receipt.ts";
import { plannedReports } from "./report-plan.ts";
import { Reports } from "./reports.ts";
import { FIRST_OCTET, relativeValiditySeconds, type SubmitPdu } from "./submit-pdu.ts";
import type { Subscribers } from "./subscribers.ts";

export interface Order {
  readonly sim: Sim;
  readonly modem: string;
  readonly submit: SubmitPdu;
  readonly messageReference: number;
  /** TP-DA with `+` when international. */
  readonly recipient: string;
  /** The link was kept open by AT+CMMS. */
  readonly linked: boolean;
  /** Of this modem's radio; the network's own when absent. */
  readonly latency?: Latency | undefined;
  /** The text, decoded when somebody asks. */
  readonly content: () => string | undefined;
}

/** `cms` is a 27.005 or RP cause for `+CMS ERROR`. */
export type OrderResult = { readonly kind: "accepted" } | { readonly kind: "refused"; readonly cms: number };

export interface OrderHandlers {
  /** The service centre has it; the modem does not know yet. */
  readonly accepted?: () => void;
  readonly done: (result: OrderResult) => void;
}

/** One of our SIMs, by its number or its IMSI. */
export type SimAddress = { readonly to: string } | { readonly imsi: string };
export type MessageToSim = TextToSim & SimAddress & { readonly order?: PartOrder };

/** The service centre takes the message after this share of the time; the rest is the way back. */
const ACCEPT_SHARE = 0.7;

/** TP-ST (9.2.3.15). */
const ST = { delivered: 0x00, noResponse: 0x22, smeError: 0x25, notObtainable: 0x43, expired: 0x46 } as const;
const STATUS_OF = { delivered: ST.delivered, expired: ST.expired, undeliverable: ST.notObtainable } as const;
/** RP causes (24.011 8.2.5.4) and TP-FCS (23.040 9.2.3.22) as +CMS ERROR shows them. */
const CMS = { unassigned: 1, barred: 10, duplicate: 197 } as const;

export interface NetworkDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly faults: Faults;
  readonly subscribers: Subscribers;
  readonly settings: NetworkSettings;
}

export class Network {
  readonly settings: NetworkSettings;
  readonly subscribers: Subscribers;
  /** Answers of the operator by USSD code. */
  ussd: Readonly<Record<string, UssdEntry>> = { "*100#": "Your balance is 12.50 EUR" };
  /** While set, every submit is refused with this code. */
  refusal: number | undefined;
  readonly operator: Operator;
  readonly #deps: NetworkDeps;
  readonly #pending = new Set<Receipt>();
  readonly #reports: Reports;
  #stampSecond = -1;
  #stamp = "";

  constructor(deps: NetworkDeps) {
    this.#deps = deps;
    this.settings = deps.settings;
    this.subscribers = deps.subscribers;
    this.#reports = new Reports(this, deps.clock);
    this.operator = new Operator((codes) => codes[deps.random.int(0, codes.length - 1)] as number);
  }

  /** Messages that were accepted and wait for their recipient. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Returns a function that takes the message back; it works until the service centre has it. */
  submit(order: Order, handlers: OrderHandlers): () => void {
    const { clock, random } = this.#deps;
    const totalMs = drawLatencyMs(order.latency ?? this.settings.latency, random, order.linked);
    if (totalMs === 0) {
      this.#arrive(order, handlers, 0);
      return () => undefined;
    }
    const acceptMs = totalMs * ACCEPT_SHARE;
    return clock.timer(acceptMs, () => this.#arrive(order, handlers, totalMs - acceptMs));
  }

  #arrive(order: Order, handlers: OrderHandlers, backMs: number): void {
    const verdict = this.#judge(order);
    const cms = verdict?.kind === "refuse" ? verdict.cms : this.#refusal(order);
    if (cms !== undefined) {
      this.#after(backMs, () => handlers.done({ kind: "refused", cms }));
      return;
    }
    const receipt = this.#accept(order);
    handlers.accepted?.();
    if (verdict?.kind === "drop") {
      this.#after(backMs, () => handlers.done({ kind: "accepted" }));
      return;
    }
    if (receipt.fault?.kind === "early-report") this.#forward(order, receipt);
    this.#after(backMs, () => {
      handlers.done({ kind: "accepted" });
      if (receipt.fault?.kind !== "early-report") this.#forward(order, receipt);
    });
  }

  #judge({ sim, recipient, content }: Order): ReturnType<Operator["judge"]> | undefined {
    if (this.operator.rules === undefined) return undefined;
    return this.operator.judge({ imsi: sim.imsi, recipient, content, at: this.#deps.clock.now() });
  }

  #after(ms: number, act: () => void): void {
    if (ms === 0) act();
    else this.#deps.clock.timer(ms, act);
  }

  #refusal(order: Order): number | undefined {
    if (this.refusal !== undefined) return this.refusal;
    const state = this.subscribers.handsetOf(order.submit.destination)?.state;
    if (state === "unknown") return CMS.unassigned;
    if (state === "barred") return CMS.barred;
    if ((order.submit.firstOctet & FIRST_OCTET.rejectDuplicates) === 0) return undefined;
    for (const held of this.#pending) if (held.isCopyOf(order)) return CMS.duplicate;
    return undefined;
  }

  #accept(order: Order): Receipt {
    const { clock, ledger, faults } = this.#deps;
    const { sim, submit } = order;
    const centre = submit.serviceCentre ?? sim.serviceCentre;
    const at = clock.now();
    ledger.append({
      at,
      imsi: sim.imsi,
      iccid: sim.iccid,
      modem: order.modem,
      messageReference: order.messageReference,
      destination: order.recipient,
      pduHex: serviceCentreHex(submit.serviceCentre ?? "") + submit.tpdu,
    });
    const wanted = (submit.firstOctet & FIRST_OCTET.reportRequest) !== 0;
    const occasion = { modem: order.modem, recipient: order.recipient, content: order.content };
    const fault: FaultAction | undefined =
      wanted && faults.active ? faults.take("report", occasion) : undefined;
    return new Receipt(order, { wanted, at, fault, centreHex: serviceCentreHex(centre) });
  }

  #forward(order: Order, receipt: Receipt): void {
    const target = this.subscribers.mailboxOf(order.submit.destination);
    // A phone that nobody configured is on and takes everything.
    if (target === undefined) {
      this.#settle(receipt, ST.delivered);
      return;
    }
    this.#pending.add(receipt);
    const { settings } = this;
    const seconds = relativeValiditySeconds(order.submit);
    const letter: Letter = {
      pdu: deliverOf(order.submit, order.sim.number, receipt.centreHex, this.timestamp(receipt.at)),
      expiresAt: receipt.at + (seconds === undefined ? settings.validityMs : seconds * 1_000),
      settled: (outcome) => {
        this.#pending.delete(receipt);
        this.#settle(receipt, STATUS_OF[outcome]);
      },
      deferred: (why) => this.#deferred(receipt, why === "absent" ? ST.noResponse : ST.smeError),
    };
    target.post(letter);
  }

  /** "Still trying" is said once a message. */
  #deferred(receipt: Receipt, status: number): void {
    if (!receipt.wanted || !this.settings.intermediateReports || receipt.intermediateSent) return;
    receipt.intermediateSent = true;
    this.#reports.send(receipt, {
      status,
      delayMs: drawLatencyMs(this.settings.reportDelay, this.#deps.random),
    });
  }

  #settle(receipt: Receipt, status: number): void {
    if (!receipt.wanted) return;
    const delayMs = drawLatencyMs(this.settings.reportDelay, this.#deps.random);
    if (receipt.fault === undefined) {
      this.#reports.send(receipt, { status, delayMs });
      return;
    }
    const between = (span: Span): number => spanMs(span, this.#deps.random);
    const planned = plannedReports(receipt.fault, status, delayMs, between);
    for (const report of planned) this.#reports.send(receipt, report);
  }

  /** An incoming message for one of our SIMs. Returns how many PDUs carry it. */
  sendToSim(message: MessageToSim): number {
    const sim = this.#simOf(message);
    const delivers = composeDelivers(message, {
      serviceCentre: this.settings.serviceCentre,
      timestamp: this.timestamp(this.#deps.clock.now()),
      reference: this.#deps.random.int(0, message.referenceBits === 16 ? 0xffff : 0xff),
    });
    for (const pdu of arranged(delivers, message.order)) this.#post(sim, pdu);
    return delivers.length;
  }

  /** A whole DELIVER or STATUS-REPORT as it is, with its service centre field, in hexadecimal. */
  sendPduToSim(to: SimAddress, pduHex: string): void {
    this.#post(this.#simOf(to), mobileTerminated(pduHex.toUpperCase()));
  }

  /** A handset answers; nothing happens when the number is none of our SIMs. */
  replyTo(to: string, message: { readonly from: string; readonly text: string }, afterMs: number): void {
    if (this.subscribers.simByNumber(to) === undefined) return;
    this.#after(afterMs, () => this.sendToSim({ ...message, to }));
  }

  #post(sim: Sim, pdu: MobileTerminated): void {
    const expiresAt = this.#deps.clock.now() + this.settings.validityMs;
    this.subscribers.mailboxOfSim(sim.imsi)?.post({ pdu, expiresAt });
  }

  #simOf(address: SimAddress): Sim {
    const sim =
      "imsi" in address ? this.subscribers.simByImsi(address.imsi) : this.subscribers.simByNumber(address.to);
    if (sim) return sim;
    throw new RangeError(
      `no SIM with ${"imsi" in address ? `IMSI ${address.imsi}` : `number ${address.to}`}`,
    );
  }

  /** As at the change to summer time: stamps from now on show it. */
  setTimeZone(quarters: number): void {
    this.settings.timeZoneQuarters = quarters;
    this.#stampSecond = -1;
  }

  /** TP-SCTS of a moment; the last second is remembered, because thousands of reports share it. */
  timestamp(atMs: number): string {
    const second = Math.floor(atMs / 1_000);
    if (second !== this.#stampSecond) {
      this.#stampSecond = second;
      this.#stamp = timestampHex(atMs, this.settings.timeZoneQuarters);
    }
    return this.#stamp;
  }
}

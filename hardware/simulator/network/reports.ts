/** Status reports on their way to the SIM that asked for them. */
import type { Clock } from "#shared/clock.ts";
import type { NetworkSettings } from "./options.ts";
import type { Receipt } from "./receipt.ts";
import type { PlannedReport } from "./report-plan.ts";
import type { Subscribers } from "./subscribers.ts";

export interface ReportNetwork {
  readonly settings: NetworkSettings;
  readonly subscribers: Subscribers;
  timestamp(atMs: number): string;
}

/** A report that waits for another one to overtake it waits no longer. */
const OVERTAKEN_MS_MAX = 60_000;

export class Reports {
  readonly #network: ReportNetwork;
  readonly #clock: Clock;
  /** Those that wait for the next one of their SIM, by IMSI. */
  readonly #overtaken = new Map<string, () => void>();

  constructor(network: ReportNetwork, clock: Clock) {
    this.#network = network;
    this.#clock = clock;
  }

  send(receipt: Receipt, planned: PlannedReport): void {
    if (planned.delayMs === 0) this.#due(receipt, planned);
    else this.#clock.timer(planned.delayMs, () => this.#due(receipt, planned));
  }

  #due(receipt: Receipt, planned: PlannedReport): void {
    const { imsi } = receipt.order.sim;
    if (planned.afterNext) {
      this.#holdBack(imsi, () => this.#post(receipt, planned));
      return;
    }
    this.#post(receipt, planned);
    if (this.#overtaken.size > 0) this.#overtaken.get(imsi)?.();
  }

  /** One at a time: a second one that wants to be late lets the first one go. */
  #holdBack(imsi: string, post: () => void): void {
    this.#overtaken.get(imsi)?.();
    const release = (): void => {
      cancel();
      this.#overtaken.delete(imsi);
      post();
    };
    const cancel = this.#clock.timer(OVERTAKEN_MS_MAX, release);
    this.#overtaken.set(imsi, release);
  }

  #post(receipt: Receipt, { status, referenceBy, form }: PlannedReport): void {
    const { settings, subscribers } = this.#network;
    const now = this.#clock.now();
    const stamps = {
      acceptedAt: this.#network.timestamp(receipt.at),
      dischargedAt: this.#network.timestamp(now),
    };
    const { submit, sim } = receipt.order;
    const plan = form === undefined ? settings : { recipientForm: form };
    const recipientHex = subscribers.recipientHex(submit.destination, plan);
    const pdu = receipt.report(status, recipientHex, stamps, referenceBy);
    subscribers.mailboxOfSim(sim.imsi)?.post({ pdu, expiresAt: now + settings.validityMs });
  }
}

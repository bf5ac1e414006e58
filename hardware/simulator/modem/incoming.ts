/**
 * Where a message or report from the network goes: into a memory, straight to the port, or back
 * (27.005 3.4.1, AT+CNMI; 3.4.4, AT+CNMA; 23.038 clause 4 for the classes).
 */
import type { Receipt } from "#hardware/simulator/network/mailbox.ts";
import type { MobileTerminated } from "#hardware/simulator/network/mobile-terminated.ts";
import type { Profile, StorageName } from "#hardware/simulator/profiles/types.ts";
import { STATUS } from "#hardware/simulator/sim/message-store.ts";
import type { Clock } from "#shared/clock.ts";
import type { Memories } from "./memories.ts";
import type { Settings } from "./settings.ts";
import { shownDeliver, shownReport } from "./text-mode.ts";

/** What routing needs of its modem. */
export interface IncomingHost {
  readonly clock: Clock;
  readonly profile: Profile;
  readonly memories: Memories;
  readonly settings: Settings;
  /** Where reports go with ds=2. */
  readonly reportStorage: "SR" | "SM" | "ME";
  /** Registered, and the message service is up. */
  readonly takesMessages: boolean;
  say(line: string): void;
}

/** Lines kept while CNMI mode is 0; the oldest goes first. */
const HELD_LINES_MAX = 64;

export class Incoming {
  readonly #modem: IncomingHost;
  readonly #held: string[] = [];
  #unacknowledged: { readonly answer: (receipt: Receipt) => void; readonly cancel: () => void } | undefined;

  constructor(modem: IncomingHost) {
    this.#modem = modem;
  }

  take(pdu: MobileTerminated, answer: (receipt: Receipt) => void): void {
    if (!this.#modem.takesMessages) {
      answer("failed");
      return;
    }
    if (pdu.kind === "report") this.#takeReport(pdu, answer);
    else this.#takeDeliver(pdu, answer);
  }

  /** AT+CNMI was set: lines that were held come out, or are forgotten (`<bfr>`). */
  routingChanged(): void {
    const [mode, , , , bfr] = this.#modem.settings.routing;
    if (mode === 0) return;
    const lines = this.#held.splice(0);
    if (bfr === 0) for (const line of lines) this.#modem.say(line);
  }

  /** AT+CNMA. False when nothing waits for an acknowledgement. */
  acknowledge(positive: boolean): boolean {
    const waiting = this.#unacknowledged;
    if (waiting === undefined) return false;
    this.#unacknowledged = undefined;
    waiting.cancel();
    waiting.answer(positive ? "acked" : "failed");
    return true;
  }

  forget(): void {
    this.#held.length = 0;
    this.#unacknowledged?.cancel();
    this.#unacknowledged = undefined;
  }

  #takeDeliver(pdu: MobileTerminated, answer: (receipt: Receipt) => void): void {
    const [, mt] = this.#modem.settings.routing;
    const { classZero } = this.#modem.profile.routing;
    const isRouted =
      (mt === 2 && pdu.class !== 2) ||
      (mt === 3 && pdu.class === 3) ||
      (pdu.class === 0 && classZero === "show" && mt > 0);
    if (isRouted) {
      this.#route(this.#cmtLine(pdu), answer);
      return;
    }
    const storage = pdu.class === 2 ? "SM" : this.#modem.settings.storages[2];
    this.#store(storage, pdu, answer, mt > 0 ? "+CMTI" : undefined);
  }

  #takeReport(pdu: MobileTerminated, answer: (receipt: Receipt) => void): void {
    const [, , , ds] = this.#modem.settings.routing;
    if (ds === 1) {
      this.#route(this.#cdsLine(pdu), answer);
      return;
    }
    // With ds 0 nobody asked for it: it is acknowledged and gone (27.005 3.4.1).
    if (ds === 0) {
      answer("acked");
      return;
    }
    this.#store(this.#modem.reportStorage, pdu, answer, "+CDSI");
  }

  #cmtLine(pdu: MobileTerminated): string {
    if (this.#modem.settings.textMode) return `+CMT: ${shownDeliver(pdu.pduHex, this.#modem.settings)}`;
    return `+CMT: ${this.#modem.profile.routing.cmtHead}${pdu.tpduLength}\r\n${pdu.pduHex}`;
  }

  #cdsLine(pdu: MobileTerminated): string {
    if (this.#modem.settings.textMode) return `+CDS: ${shownReport(pdu.pduHex)}`;
    return `+CDS: ${this.#modem.profile.routing.cdsHead}${pdu.tpduLength}\r\n${pdu.pduHex}`;
  }

  /** Straight to the port. With CSMS 1 the host must acknowledge before the next one comes. */
  #route(line: string, answer: (receipt: Receipt) => void): void {
    if (this.#modem.settings.service === 0) {
      this.#indicate(line);
      answer("acked");
      return;
    }
    const cancel = this.#modem.clock.timer(this.#modem.profile.routing.acknowledgementTimeoutMs, () => {
      this.#unacknowledged = undefined;
      // 27.005 3.4.1: routing to the host ends when the host does not acknowledge.
      this.#modem.settings.routing[1] = 0;
      this.#modem.settings.routing[3] = 0;
      answer("failed");
    });
    this.#unacknowledged = { answer, cancel };
    this.#indicate(line);
  }

  #store(
    storage: StorageName,
    pdu: MobileTerminated,
    answer: (receipt: Receipt) => void,
    indication: "+CMTI" | "+CDSI" | undefined,
  ): void {
    const { pduHex, tpduLength } = pdu;
    const modem = this.#modem;
    const index = modem.memories.add(storage, { status: STATUS.unread, pduHex, tpduLength });
    if (index === undefined) {
      answer("full");
      const refused = modem.profile.memoryRefusedLine?.(storage);
      if (refused !== undefined) modem.say(refused);
      return;
    }
    if (indication) this.#indicate(`${indication}: "${storage}",${index}`);
    answer("acked");
    if (modem.memories.used(storage) < modem.memories.total(storage)) return;
    const line = modem.profile.memoryFullLine?.(storage);
    if (line !== undefined) modem.say(line);
  }

  #indicate(line: string): void {
    if (this.#modem.settings.routing[0] !== 0) {
      this.#modem.say(line);
      return;
    }
    this.#held.push(line);
    if (this.#held.length > HELD_LINES_MAX) this.#held.shift();
  }
}

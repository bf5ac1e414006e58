/**
 * What arrives: read it, hand it up, and delete it when it is durable there, in this order and never
 * otherwise. What an indication missed is found by the sweep.
 */

import type { Channel } from "#hardware/at/channel.ts";
import { runCommand, setCommand } from "#hardware/at/command.ts";
import type { WireQueue } from "#hardware/at/queue.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import { isStatusReport } from "./pdu-kind.ts";
import { LIMITS } from "./settings.ts";
import type { Shelf, StoredPdu } from "./shelf.ts";
import type { StartFacts } from "./start-up/context.ts";
import type { ModemEvents, ReceivedPdu } from "./types.ts";

export interface Mailbox {
  /** An indication named a slot. */
  announced(storage: string, index: number): void;
  /** A PDU came that is stored nowhere else. */
  arrived(what: "message" | "report", hex: string): void;
  /** Lists every storage. Resolves when all that was found has been handed up. */
  sweep(): Promise<void>;
  /** Nothing is read, deleted or acknowledged from now on. */
  close(): void;
}

export interface MailboxDeps {
  readonly channel: Channel;
  readonly queue: WireQueue;
  readonly shelf: Shelf;
  readonly facts: StartFacts;
  readonly events: ModemEvents;
  readonly clock: Clock;
  readonly log: Logger;
  /** Found in a storage, but no message of anybody to us: put there to be sent. */
  readonly foundOutgoing: (stored: StoredPdu) => void;
}

/** `<stat>` of 27.005 3.1. */
const RECEIVED = [0, 1];

/** Slots that wait to be read; the sweep finds what is beyond. A modem stores 255 at most. */
const SLOTS_MAX = 512;

/** In one turn on the wire, while nobody else waits. */
const OPERATIONS_PER_TURN = 8;
/** While a submit waits: enough that arrivals never pile up behind a busy sender. */
const OPERATIONS_WHILE_WANTED = 2;

const DIRECT_TRIES = 5;
const DIRECT_RETRY_MS = 1_000;

interface Slot {
  readonly storage: string;
  readonly index: number;
}

const keyOf = (slot: Slot): string => `${slot.storage}:${slot.index}`;

export function createMailbox(deps: MailboxDeps): Mailbox {
  return new ModemMailbox(deps);
}

class ModemMailbox implements Mailbox {
  readonly #deps: MailboxDeps;
  readonly #toRead = new Map<string, Slot>();
  readonly #toDelete = new Map<string, Slot>();
  /** Handed up and not durable yet. */
  readonly #handling = new Set<string>();
  /** Durable, but not deleted yet: found again, it is deleted and not handed up a second time. */
  readonly #kept = new Map<string, string>();
  #turnWanted = false;
  #closed = false;

  constructor(deps: MailboxDeps) {
    this.#deps = deps;
  }

  close(): void {
    this.#closed = true;
  }

  announced(storage: string, index: number): void {
    const slot = { storage, index };
    if (this.#toRead.size < SLOTS_MAX) this.#toRead.set(keyOf(slot), slot);
    this.#wantTurn();
  }

  arrived(what: "message" | "report", hex: string): void {
    const pdu = this.#received(hex.toUpperCase(), undefined);
    void this.#handDirect(what, pdu);
  }

  async sweep(): Promise<void> {
    const handed: Promise<void>[] = [];
    const { listed, guessed } = this.#deps.facts.storages;
    for (const storage of [...guessed, ...listed]) {
      if (this.#closed) return;
      const found = await this.#deps.queue.add("housekeeping", () => this.#deps.shelf.list(storage));
      if (found === undefined) this.#deps.log.debug({ storage }, "the storage could not be listed");
      for (const stored of found ?? []) {
        if (RECEIVED.includes(stored.state)) handed.push(this.#handStored(stored));
        else this.#deps.foundOutgoing(stored);
      }
    }
    await Promise.all(handed);
  }

  #received(hex: string, stored: Slot | undefined): ReceivedPdu {
    const { facts, clock } = this.#deps;
    return { hex, sim: facts.sim, receivedAt: clock.now(), ...(stored === undefined ? {} : { stored }) };
  }

  #wantTurn(): void {
    if (this.#turnWanted || this.#closed) return;
    this.#turnWanted = true;
    void this.#deps.queue
      .add("mailbox", () => this.#turn())
      .catch((error: unknown) => this.#deps.log.error({ err: error }, "the mailbox failed"));
  }

  /** A few operations on the wire; more of them in another turn. */
  async #turn(): Promise<void> {
    this.#turnWanted = false;
    for (let count = 0; count < OPERATIONS_PER_TURN && !this.#closed; count++) {
      if (count >= OPERATIONS_WHILE_WANTED && this.#deps.queue.submitsWaiting > 0) break;
      if (!(await this.#operation())) return;
    }
    if (this.#toDelete.size + this.#toRead.size > 0) this.#wantTurn();
  }

  /** The oldest deletion, or else the oldest reading; false when there is none. */
  async #operation(): Promise<boolean> {
    const [deletion] = this.#toDelete.values();
    if (deletion !== undefined) {
      this.#toDelete.delete(keyOf(deletion));
      await this.#delete(deletion);
      return true;
    }
    const [reading] = this.#toRead.values();
    if (reading === undefined) return false;
    this.#toRead.delete(keyOf(reading));
    await this.#read(reading);
    return true;
  }

  async #read(slot: Slot): Promise<void> {
    if (this.#handling.has(keyOf(slot))) return;
    const result = await this.#deps.shelf.read(slot.storage, slot.index);
    if (result.kind === "pdu") void this.#handStored({ ...slot, hex: result.hex });
    // What failed stays where it is, and the next sweep finds it.
    else if (result.kind === "failed") this.#deps.log.warn({ ...slot }, "a stored message could not be read");
  }

  async #delete(slot: Slot): Promise<void> {
    const key = keyOf(slot);
    if (await this.#deps.shelf.remove(slot.storage, slot.index)) this.#kept.delete(key);
    else this.#deps.log.warn({ ...slot }, "a message that is safe with us could not be deleted");
    this.#handling.delete(key);
  }

  async #handStored(stored: Slot & { readonly hex: string }): Promise<void> {
    const slot = { storage: stored.storage, index: stored.index };
    const key = keyOf(slot);
    if (this.#handling.has(key) || this.#closed) return;
    this.#handling.add(key);
    if (this.#kept.get(key) !== stored.hex && !(await this.#handUp(stored.hex, slot))) {
      this.#handling.delete(key);
      return;
    }
    this.#kept.set(key, stored.hex);
    this.#toDelete.set(key, slot);
    this.#wantTurn();
  }

  /** True when it is durable. A PDU that nobody can read is handed up all the same, as a message. */
  async #handUp(hex: string, slot: Slot): Promise<boolean> {
    const { events, log } = this.#deps;
    const pdu = this.#received(hex, slot);
    try {
      if (isStatusReport(hex) === true) await events.report(pdu);
      else await events.deliver(pdu);
      return true;
    } catch (error) {
      log.error({ err: error, ...slot }, "a received message was not stored; it stays in the modem");
      return false;
    }
  }

  /** Nobody else has a direct PDU, so it is offered again until it is taken. */
  async #handDirect(what: "message" | "report", pdu: ReceivedPdu): Promise<void> {
    const { events, clock, log } = this.#deps;
    for (let attempt = 1; ; attempt++) {
      try {
        await (what === "report" ? events.report(pdu) : events.deliver(pdu));
        break;
      } catch (error) {
        log.error({ err: error, attempt }, "a received message was not stored");
        if (attempt === DIRECT_TRIES) return;
        await clock.sleep(DIRECT_RETRY_MS * 2 ** attempt);
      }
    }
    this.#acknowledge(what);
  }

  /** With AT+CSMS=1 the network waits for it, and would send the message again (27.005 3.4.4). */
  #acknowledge(what: "message" | "report"): void {
    const { facts, queue, channel, log } = this.#deps;
    const { quirks } = facts.profile;
    if (!facts.mustAcknowledge || this.#closed || (what === "message" && quirks.noDeliverAcknowledge)) return;
    const command = quirks.acknowledgeWithNumber ? setCommand("+CNMA", 1) : runCommand("+CNMA");
    void queue
      .add("acknowledge", () => channel.run(command, { timeoutMs: LIMITS.acknowledgeMs }))
      .catch((error: unknown) => log.error({ err: error }, "an acknowledgement failed"));
  }
}

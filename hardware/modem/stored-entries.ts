/**
 * PDUs that lie on the modem until they are sent: AT+CMGW puts them there, and their state tells later
 * whether they were (3GPP TS 27.005 3.5.3, 3.4.2). An index alone proves nothing, since a place is used
 * again; so an entry is known by its own PDU.
 */
import type { Channel } from "#hardware/at/channel.ts";
import { modemErrorOf } from "#hardware/at/errors.ts";
import type { WireQueue } from "#hardware/at/queue.ts";
import type { SubmitReply } from "#hardware/at/submit-conversation.ts";
import type { EncodedPdu } from "#hardware/pdu/types.ts";
import type { Logger } from "#shared/logger.ts";
import { isStorageFull } from "./failure-count.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type ModemMemory, ORPHANS_MAX } from "./memory.ts";
import { LIMITS } from "./settings.ts";
import type { Shelf, StoredPdu } from "./shelf.ts";
import type { StartFacts } from "./start-up/context.ts";
import type { StoredEntry, StoredStatus, StoreOutcome } from "./types.ts";

export interface StoredEntries {
  store(pdu: EncodedPdu): Promise<StoreOutcome>;
  status(entry: StoredEntry): Promise<StoredStatus | undefined>;
  remove(entry: StoredEntry): Promise<void>;
  /**
   * Deletes what lies there unsent with one of these fingerprints, and was not stored in this session.
   * False when it could not be looked for, or not be deleted.
   */
  removeUnsent(fingerprints: readonly string[]): Promise<boolean>;
  /** A sweep found it: what is known to be left over is deleted. */
  found(stored: StoredPdu): void;
  /** It was stored in this session, so that nobody can have put something else there. */
  isFresh(entry: StoredEntry): boolean;
}

export interface StoredEntriesDeps {
  readonly channel: Channel;
  readonly queue: WireQueue;
  readonly shelf: Shelf;
  readonly facts: StartFacts;
  readonly memory: ModemMemory;
  readonly log: Logger;
  /** It has no room for another one. */
  readonly full: () => void;
}

/** `<stat>` of 27.005 3.1. */
const UNSENT = 2;
const SENT = 3;

export function createStoredEntries(deps: StoredEntriesDeps): StoredEntries {
  return new ModemEntries(deps);
}

class ModemEntries implements StoredEntries {
  readonly #deps: StoredEntriesDeps;
  readonly #fresh = new Set<string>();

  constructor(deps: StoredEntriesDeps) {
    this.#deps = deps;
  }

  async store(pdu: EncodedPdu): Promise<StoreOutcome> {
    const { queue, channel, facts, memory } = this.#deps;
    const storage = facts.storages.writing;
    if (storage === undefined) return notStored("the modem names no storage for messages to be sent");
    const reply = await queue.add("submit", () => channel.store(pdu, STORE_LIMITS));
    const fingerprint = fingerprintOf(pdu.hex);
    const outcome = storeOutcome(reply, facts.profile.vendor, { storage, fingerprint });
    if (outcome.kind === "stored") this.#fresh.add(keyOf(outcome.entry));
    if (outcome.kind === "refused" && isStorageFull(outcome.error)) this.#deps.full();
    const mayLieThere = outcome.kind === "not-stored" && reply.kind !== "no-prompt";
    if (mayLieThere && memory.orphans.size < ORPHANS_MAX) memory.orphans.add(fingerprint);
    return outcome;
  }

  status(entry: StoredEntry): Promise<StoredStatus | undefined> {
    return this.#deps.queue.add("mailbox", () => this.#look(entry));
  }

  async #look(entry: StoredEntry): Promise<StoredStatus | undefined> {
    const found = await this.#deps.shelf.read(entry.storage, entry.index);
    if (found.kind === "failed") return undefined;
    if (found.kind === "empty" || fingerprintOf(found.hex) !== entry.fingerprint) return "gone";
    if (found.state === SENT) return "sent";
    return found.state === UNSENT ? "unsent" : "gone";
  }

  async remove(entry: StoredEntry): Promise<void> {
    const { queue, shelf, log } = this.#deps;
    await queue.add("mailbox", async () => {
      // Between the two commands nothing can be put there: the place is taken until it is deleted.
      const status = await this.#look(entry);
      if (status === "gone") return;
      const place = { storage: entry.storage, index: entry.index };
      if (status === undefined || !(await shelf.remove(entry.storage, entry.index)))
        log.warn(place, "a stored message that was done with could not be deleted");
    });
    this.#fresh.delete(keyOf(entry));
  }

  removeUnsent(fingerprints: readonly string[]): Promise<boolean> {
    const { queue, shelf, facts } = this.#deps;
    const storage = facts.storages.writing;
    if (storage === undefined) return Promise.resolve(false);
    return queue.add("mailbox", async () => {
      const found = await shelf.list(storage);
      if (found === undefined) return false;
      let isClean = true;
      for (const stored of found) {
        const entry = entryOf(stored);
        if (stored.state !== UNSENT || this.isFresh(entry)) continue;
        if (!fingerprints.includes(entry.fingerprint)) continue;
        isClean = (await shelf.remove(storage, stored.index)) && isClean;
      }
      return isClean;
    });
  }

  found(stored: StoredPdu): void {
    const { memory, log } = this.#deps;
    const entry = entryOf(stored);
    // The same PDU may have been stored once more since, and is about to be sent.
    if (stored.state !== UNSENT || this.isFresh(entry) || !memory.orphans.delete(entry.fingerprint)) return;
    this.remove(entry).catch((error: unknown) => log.error({ err: error }, "an orphan was not deleted"));
  }

  isFresh(entry: StoredEntry): boolean {
    return this.#fresh.has(keyOf(entry));
  }
}

const STORE_LIMITS = { promptMs: LIMITS.promptMs, answerMs: LIMITS.writeMs, lateMs: 0 };

const entryOf = ({ storage, index, hex }: StoredPdu): StoredEntry => ({
  storage,
  index,
  fingerprint: fingerprintOf(hex),
});

const keyOf = (entry: StoredEntry): string => `${entry.storage}:${entry.index}:${entry.fingerprint}`;

function storeOutcome(
  reply: SubmitReply,
  vendor: string,
  place: { readonly storage: string; readonly fingerprint: string },
): StoreOutcome {
  switch (reply.kind) {
    case "sent":
      if (reply.number === undefined) return notStored("the modem did not say where it put the message");
      return { kind: "stored", entry: { ...place, index: reply.number } };
    case "no-prompt":
    case "no-answer":
      return notStored(reply.reason);
    case "refused":
      // Nothing goes to the network here, so no error can leave it open whether something was sent.
      return { kind: "refused", error: modemErrorOf(reply.error, vendor, "before-pdu") };
  }
}

function notStored(reason: string): StoreOutcome {
  return { kind: "not-stored", reason };
}

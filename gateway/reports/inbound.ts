/**
 * Received messages. Each PDU is a row before the modem deletes its copy; long messages are put
 * together from the rows, so a restart loses no part. What cannot be read is kept and told of.
 */
import { createHash } from "node:crypto";
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import { Alarm } from "#gateway/outbox/alarm.ts";
import type { ReceivedPdu } from "#hardware/modem/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { IdFactory } from "#shared/ids.ts";
import type { Logger } from "#shared/logger.ts";
import {
  closeParts,
  countOrphans,
  insertInbound,
  insertPart,
  lastCopy,
  type OpenPart,
  oldestOrphan,
  openParts,
  type PartKey,
} from "./inbound-rows.ts";
import { type JoinedParts, joinParts } from "./join-parts.ts";
import { type ParsedDeliver, parseDeliver } from "./parse-deliver.ts";

/** A long message of which parts are missing for so long is passed on as it is. */
const PARTS_AGE_MS_MAX = 24 * 3_600_000;
/** Parts of one SIM that wait for others. Above it the oldest message is passed on incomplete. */
const ORPHANS_MAX = 1_000;
/** When the database takes no writes, old parts are looked at again after this. */
const TRY_AGAIN_MS = 60_000;

export interface InboundDeps {
  readonly ledger: Ledger;
  readonly ids: IdFactory;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface InboundCounts {
  readonly received: number;
  readonly incomplete: number;
  readonly repeated: number;
  readonly undecodable: number;
}

export class Inbound {
  readonly #deps: InboundDeps;
  /** Copies from before may not have been deleted: the process ended between storing and deleting. */
  readonly #startedAt: number;
  readonly #aging: Alarm<"look">;
  readonly #counts = { received: 0, incomplete: 0, repeated: 0, undecodable: 0 };
  readonly #running = new Set<Promise<void>>();

  constructor(deps: InboundDeps) {
    this.#deps = deps;
    this.#startedAt = deps.clock.now();
    this.#aging = new Alarm(deps.clock, () => this.#run(this.#giveUpOld()));
  }

  /** Sets the alarm for parts that are stored. Call once. */
  load(): void {
    const oldest = oldestOrphan(this.#deps.ledger.db);
    if (oldest !== undefined) this.#aging.set(oldest.receivedAt + PARTS_AGE_MS_MAX, "look");
  }

  counts(): InboundCounts {
    return { ...this.#counts };
  }

  async close(): Promise<void> {
    this.#aging.close();
    await Promise.all(this.#running);
  }

  /**
   * Resolves when the PDU is on disk.
   * @throws DatabaseUnavailable (as a rejection): then the modem must keep its copy
   */
  async receive(sim: number, pdu: ReceivedPdu): Promise<void> {
    const parsed = parseDeliver(pdu.hex);
    const hash = createHash("sha256").update(pdu.hex.toUpperCase()).digest("base64url");
    await this.#deps.ledger.write("inbound", (entry) => this.#store(entry, sim, pdu, parsed, hash));
  }

  #store(entry: Entry, sim: number, pdu: ReceivedPdu, parsed: ParsedDeliver | string, hash: string): void {
    const { ledger } = this.#deps;
    const copy = lastCopy(ledger.db, sim, hash);
    if (copy !== undefined && isReread(copy, pdu, this.#startedAt)) {
      this.#tally(entry, "repeated");
      return;
    }
    const part = insertPart(ledger.db, sim, pdu, hash, parsed);
    if (typeof parsed === "string") {
      this.#tally(entry, "undecodable");
      const data = { sim: pdu.sim.iccid, pdu: pdu.hex, error: parsed, receivedAt: pdu.receivedAt };
      ledger.append(entry, { type: "inbound.undecodable", at: entry.now, data });
    } else if (parsed.concatenation === undefined) this.#deliver(entry, sim, [part]);
    else this.#addPart(entry, { sim, sender: parsed.sender, ...parsed.concatenation }, part);
  }

  #addPart(entry: Entry, key: PartKey, part: OpenPart): void {
    const { db } = this.#deps.ledger;
    const earlier = openParts(db, key).filter(({ number }) => number !== part.number);
    if (earlier.some(({ sequence }) => sequence === part.sequence)) {
      // The sender uses the reference for another message: what is missing of the first will not come.
      this.#deliver(entry, key.sim, earlier);
      earlier.length = 0;
    }
    const together = [...earlier, part];
    if (together.length === key.total) this.#deliver(entry, key.sim, together);
    else {
      entry.after.push(() => this.#aging.set(part.receivedAt + PARTS_AGE_MS_MAX, "look"));
      this.#keepBounds(entry, key.sim);
    }
  }

  #keepBounds(entry: Entry, sim: number): void {
    const { db } = this.#deps.ledger;
    if (countOrphans(db, sim) <= ORPHANS_MAX) return;
    const oldest = oldestOrphan(db, sim);
    if (oldest !== undefined) this.#deliver(entry, sim, openParts(db, oldest.key));
  }

  /** Makes a message of these parts, whether they are all or not. */
  #deliver(entry: Entry, sim: number, parts: readonly OpenPart[]): void {
    const { ledger, ids } = this.#deps;
    const joined = joinParts(parts);
    const id = ids("inb");
    const inbound = insertInbound(ledger.db, id, sim, joined);
    closeParts(ledger.db, inbound.number, parts);
    this.#tally(entry, joined.complete ? "received" : "incomplete");
    ledger.append(entry, {
      type: "inbound.received",
      at: entry.now,
      data: { id, sim: inbound.iccid, ...eventData(joined) },
    });
  }

  #run(work: Promise<void>): void {
    const running = work.catch((error: unknown) => {
      this.#deps.log.error({ err: error }, "old parts of received messages could not be passed on");
      this.#aging.set(this.#deps.clock.now() + TRY_AGAIN_MS, "look");
    });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  async #giveUpOld(): Promise<void> {
    const { ledger } = this.#deps;
    const next = await ledger.write("inbound-parts", (entry) => {
      const oldest = oldestOrphan(ledger.db);
      if (oldest === undefined || oldest.receivedAt + PARTS_AGE_MS_MAX > entry.now) return oldest?.receivedAt;
      this.#deliver(entry, oldest.key.sim, openParts(ledger.db, oldest.key));
      return oldestOrphan(ledger.db)?.receivedAt;
    });
    if (next !== undefined) this.#aging.set(next + PARTS_AGE_MS_MAX, "look");
  }

  #tally(entry: Entry, what: keyof InboundCounts): void {
    entry.after.push(() => {
      this.#counts[what]++;
    });
  }
}

function eventData(joined: JoinedParts): Record<string, unknown> {
  const { sender, text, data, sentAt, receivedAt, segments, complete } = joined;
  return {
    from: sender,
    ...(text === undefined ? {} : { text }),
    ...(data === undefined ? {} : { data }),
    ...(sentAt === undefined ? {} : { sentAt }),
    receivedAt,
    segments,
    complete,
  };
}

/**
 * Whether a PDU is the copy that is stored already, and not a second message of the same words. The
 * PDU holds the service centre's stamp, so equal octets mean the same second. Then it is a copy when it
 * lies in the same place (its deletion failed), when it was not stored by the modem (the network sends
 * again what was not acknowledged), or when the first was read before this process began, which may
 * have ended between storing and deleting. Else two equal messages came within one second.
 */
export function isReread(
  copy: { readonly receivedAt: number; readonly index: number | null },
  pdu: Pick<ReceivedPdu, "stored">,
  startedAt: number,
): boolean {
  if (pdu.stored === undefined || copy.index === null) return true;
  return copy.index === pdu.stored.index || copy.receivedAt < startedAt;
}

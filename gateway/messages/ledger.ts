/**
 * Every change of the outbox goes through here: one transaction, and after its commit one notice to
 * those who keep something in memory about the rows (the queue of what waits, the gauges) and to the
 * readers of the event log. What a rolled-back transaction did is told to nobody.
 */
import type { Checkpoint, Step } from "#gateway/checkpoints.ts";
import type { Clock } from "#shared/clock.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Events, NewEvent } from "./events.ts";
import type { SegmentState } from "./states.ts";
import type { EvidenceKind } from "./types.ts";

export interface Move {
  readonly message: number;
  readonly segment: number;
  readonly from: SegmentState;
  readonly to: SegmentState;
  /** When a final report is overdue, where one is expected from now on. */
  readonly reportDueAt: number | undefined;
  /** The SIM that carries it, and where to; absent for a segment that no SIM has. */
  readonly sim: number | undefined;
  readonly recipient: string | undefined;
  /** What settled it, where it was `unknown`. */
  readonly evidence: EvidenceKind | undefined;
}

/** A message that was just stored: what choosing a SIM for it needs to know. */
export interface Accepted {
  readonly message: number;
  readonly recipient: string;
  readonly priority: number;
  readonly segments: number;
  readonly notBefore: number | undefined;
  readonly notAfter: number | undefined;
  readonly wantedSim: string | undefined;
}

/** What one transaction did, in order. */
export interface Entry {
  readonly now: number;
  readonly moves: Move[];
  readonly accepted: Accepted[];
  /** Called after the commit, in order, and never when it fails. */
  readonly after: (() => void)[];
  /** Sequence of the newest event that it appended, 0 for none. */
  lastSequence: number;
}

export class Ledger {
  readonly db: Database;
  readonly #clock: Clock;
  readonly #events: Events;
  readonly #checkpoint: Checkpoint | undefined;
  readonly #listeners: ((entry: Entry) => void)[] = [];

  constructor(db: Database, clock: Clock, events: Events, checkpoint?: Checkpoint) {
    this.db = db;
    this.#clock = clock;
    this.#events = events;
    this.#checkpoint = checkpoint;
  }

  /**
   * Runs `work` in a transaction that it shares with its neighbours; resolves after the commit.
   * `work` may run twice, so it touches nothing but the database and its entry.
   * @throws DatabaseUnavailable (as a rejection)
   */
  async write<T>(step: Step, work: (entry: Entry) => T): Promise<T> {
    this.#checkpoint?.(`before-${step}`);
    let entry: Entry | undefined;
    const result = await this.db.write(() => {
      entry = { now: this.#clock.now(), moves: [], accepted: [], after: [], lastSequence: 0 };
      return work(entry);
    });
    this.#checkpoint?.(`after-${step}`);
    if (entry !== undefined) this.#publish(entry);
    return result;
  }

  /** Inside a transaction. */
  append(entry: Entry, event: NewEvent): void {
    entry.lastSequence = this.#events.append(event);
  }

  /** Listeners are called in the order in which they came, right after each commit. */
  onCommitted(listener: (entry: Entry) => void): void {
    this.#listeners.push(listener);
  }

  #publish(entry: Entry): void {
    if (entry.moves.length > 0 || entry.accepted.length > 0)
      for (const listener of this.#listeners) listener(entry);
    for (const done of entry.after) done();
    if (entry.lastSequence > 0) this.#events.announce(entry.lastSequence);
  }
}

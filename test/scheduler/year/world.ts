/** What the plans of a simulated year may touch. */
import type { Creditor } from "#scheduler/ledger/types.ts";
import type { SimulatedClock } from "#shared/simulated-clock.ts";
import type { GatewayModel } from "#test/support/gateway-model.ts";
import type { Life } from "#test/support/scheduler-rig.ts";
import type { Book, Person, Word } from "./book.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export type Who = "office" | "house" | "world";

export interface YearWorld {
  readonly clock: SimulatedClock;
  readonly model: GatewayModel;
  readonly people: Person[];
  readonly book: Book;
  /** Differences that each full scan found. */
  readonly scans: number[];
  readonly life: Life;
  creditor(): Creditor;
  /**
   * By the monotonic clock, from the beginning of the year. Work of the office (the ledger) and of the house
   * (operators, the process itself) needs the scheduler: while it is away, it waits; the world goes on.
   */
  at(afterMs: number, who: Who, run: () => Promise<void> | void): void;
  /** Work of the process, which may be killed on the way. */
  live(work: () => Promise<unknown>): Promise<void>;
  restart(): Promise<void>;
  /** The process is gone for so long. */
  away(ms: number): void;
  /** Somebody edits all policies. */
  editRules(): Promise<void>;
  /** Kills the process at the n-th named place from now on. */
  killAfter(places: number): void;
  /** A person writes a text to us. */
  hear(person: Person, text: string, word: Word): void;
  /** What webhooks suffer: none comes, they come twice, or in any order. */
  webhooks: "good" | "lost" | "doubled" | "mixed";
}

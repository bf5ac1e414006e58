/** What the plans of a simulated year may touch. */
import type { Creditor } from "#scheduler/ledger/types.ts";
import type { SimulatedClock } from "#shared/simulated-clock.ts";
import type { GatewayModel } from "./gateway-model.ts";
import type { Life } from "./scheduler-rig.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export type Behaviour = "on-time" | "late" | "in-parts" | "silent" | "stops" | "disputes" | "dead" | "wrong";

export interface Debtor {
  readonly name: string;
  readonly number: string;
  readonly jurisdiction: string;
  readonly behaviour: Behaviour;
  principal: bigint;
  /** Instants at which these were committed. */
  invoicedAt?: number;
  paidAt?: number;
  partAt?: number;
  stoppedAt?: number;
  heldFrom?: number;
  heldUntil?: number;
}

export interface YearWorld {
  readonly clock: SimulatedClock;
  readonly model: GatewayModel;
  readonly debtors: Debtor[];
  /** Differences that each full scan found. */
  readonly scans: number[];
  readonly life: Life;
  books(): Creditor;
  /** By the monotonic clock, from the beginning of the year. */
  at(afterMs: number, run: () => Promise<void> | void): void;
  /** Work of the process, which may be killed on the way. */
  live(work: () => Promise<unknown>): Promise<void>;
  restart(): Promise<void>;
  /** Kills the process at the n-th named place from now on. */
  killAfter(places: number): void;
}

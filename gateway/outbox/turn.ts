/** What one turn of a send loop stores: the end of one segment, an answer that came late, the next start. */
import type { Step } from "#gateway/checkpoints.ts";
import type { AttemptKey } from "#gateway/messages/evidence.ts";
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import type { Reports } from "#gateway/reports/reports.ts";
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import { applyFinding, applyLateAnswer, type Finding } from "./findings.ts";
import { type EvidenceAtHand, type HandOver, record } from "./hand-over.ts";
import type { Sendable } from "./sendable.ts";
import type { Verdict } from "./settle.ts";
import { parkSim } from "./sims.ts";
import type { SimSlot } from "./slot.ts";
import type { Waiting } from "./waiting.ts";

/** A segment that is chosen and encoded, and not yet claimed. */
export interface Next {
  readonly slot: SimSlot;
  readonly entry: Waiting;
  readonly sendable: Sendable;
  readonly segment: number;
}

/** A segment that the modem has answered for, and that is not stored yet. */
export interface Answered {
  readonly slot: SimSlot;
  readonly entry: Waiting;
  readonly handOver: HandOver;
  readonly outcome: SubmitOutcome;
  readonly verdict: Verdict;
  readonly evidence: EvidenceAtHand;
  /** It waits again: its rows must be read after they are written. */
  readonly again: boolean;
}

/** An answer that came after its submit was given up. */
export interface Late {
  readonly attempt: AttemptKey;
  readonly outcome: SubmitOutcome;
  readonly findings: readonly Finding[];
}

export interface TurnDeps {
  readonly ledger: Ledger;
  readonly reports: Reports;
  /** The network refused the SIM; it was stored as parked until then. */
  readonly parked: (slot: SimSlot, until: number) => void;
}

export function stepOf(answered: Answered | undefined, next: Next | undefined): Step {
  if (answered === undefined) return next === undefined ? "evidence" : "claim";
  return next === undefined ? "settle" : "settle-and-claim";
}

/** Inside a transaction. `slot` is the SIM that is in the modem now. */
export function storeEnds(
  deps: TurnDeps,
  entry: Entry,
  answered: Answered | undefined,
  late: Late | undefined,
  slot: SimSlot | undefined,
): void {
  const { ledger, reports } = deps;
  if (answered !== undefined) {
    const { handOver, outcome, verdict, evidence } = answered;
    record(ledger, reports, entry, handOver, outcome, verdict, evidence);
    park(deps, entry, answered.slot, verdict);
  }
  if (late === undefined) return;
  const verdict = applyLateAnswer(ledger, reports, entry, late.attempt, late.outcome);
  for (const finding of late.findings) applyFinding(ledger, reports, entry, finding);
  park(deps, entry, slot, verdict);
}

function park(
  { ledger, parked }: TurnDeps,
  entry: Entry,
  slot: SimSlot | undefined,
  verdict: Verdict | undefined,
): void {
  if (slot === undefined || verdict?.sim.kind !== "park") return;
  const { reason } = verdict.sim;
  const until = parkSim(ledger, entry, { sim: slot.sim, iccid: slot.iccid, reason, code: "sim_refused" });
  entry.after.push(() => parked(slot, until));
}

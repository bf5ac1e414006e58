/** What cannot have done harm: where nothing else happened, everything must have gone as it should. */
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import type { Case } from "./case.ts";

type Kind = FaultAction["kind"];

const EVERYWHERE: readonly Kind[] = [
  "drop-prompt",
  "delay-prompt",
  "incoming",
  "signal",
  "duplicate-report",
  "early-report",
  "reorder-report",
  "delay-report",
  "intermediate-report",
  "recipient-form",
  "duplicate-line",
];
/** These take reports away, or say something else in them; the answer to a submit is not touched. */
const REPORTS_ONLY: readonly Kind[] = ["lose-report", "wrong-reference", "report-status", "drop-line"];
/** Refusals that every table calls certain. */
const CERTAIN_CMS: readonly number[] = [8, 17, 42, 47, 96];

/** No answer to a submit can have been lost. */
export function answersAreCalm(one: Case): boolean {
  return isCalm(one, [...EVERYWHERE, ...REPORTS_ONLY]);
}

/** No report can have been lost, and each says what is so. */
export function reportsAreCalm(one: Case): boolean {
  return isCalm(one, EVERYWHERE);
}

function isCalm({ world: { fired, crashes } }: Case, harmless: readonly Kind[]): boolean {
  return crashes === 0 && fired.every((action) => harmless.includes(action.kind) || isCertainRefusal(action));
}

function isCertainRefusal(action: FaultAction): boolean {
  return action.kind === "refuse" && typeof action.cms === "number" && CERTAIN_CMS.includes(action.cms);
}

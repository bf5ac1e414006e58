/** Pure: one report for a row, from what became of its inputs. */
import type { LedgerInput, LedgerOutcome } from "#scheduler/ledger/ledger.ts";
import type { FieldChange } from "#scheduler/ledger/outcome.ts";
import type { RowProblem } from "./record.ts";
import type { RowAction, RowReport } from "./report.ts";

/** The parts of a row that a person wants named when they change, in this order of weight. */
const WEIGHT: readonly RowAction[] = ["refused", "created", "updated", "stale", "unchanged", "ignored"];

export function judgeRow(
  row: number,
  what: string,
  inputs: readonly LedgerInput[],
  outcomes: readonly LedgerOutcome[],
  warnings: readonly RowProblem[],
): RowReport {
  const changes: FieldChange[] = [];
  const problems: RowProblem[] = [];
  let action: RowAction = "unchanged";
  for (const [i, outcome] of outcomes.entries()) {
    const part = inputs[i]?.what ?? "receivable";
    if (isNothingNew(inputs[i], outcome))
      return { row, action: "ignored", what, changes, problems, warnings, note: NOTHING_OPEN };
    if (outcome.kind === "refused")
      problems.push({ detail: `${outcome.refusal.field}: ${outcome.refusal.detail}` });
    else if (outcome.kind === "updated" || (outcome.kind === "created" && part !== "receivable"))
      changes.push(...changesOf(part, outcome));
    action = heavier(action, actionOf(part, outcome));
  }
  return { row, action, what, changes, problems, warnings };
}

const NOTHING_OPEN = "Nothing of it is open, and the ledger does not know it.";

/** A list that knows only what is open names a settled invoice that never was in the ledger. */
function isNothingNew(input: LedgerInput | undefined, outcome: LedgerOutcome): boolean {
  return (
    input?.what === "receivable" &&
    input.input.principalAtLeast === 0n &&
    outcome.kind === "refused" &&
    outcome.refusal.field === "principal"
  );
}

/** What the row is about decides: a new customer beside an unchanged invoice is an update of the ledger. */
function actionOf(part: LedgerInput["what"], outcome: LedgerOutcome): RowAction {
  if (outcome.kind === "created") return part === "receivable" || part === "entry" ? "created" : "updated";
  return outcome.kind;
}

function heavier(a: RowAction, b: RowAction): RowAction {
  return WEIGHT.indexOf(b) < WEIGHT.indexOf(a) ? b : a;
}

function changesOf(
  part: LedgerInput["what"],
  outcome: Extract<LedgerOutcome, { kind: "created" | "updated" }>,
): FieldChange[] {
  if (part === "balance") return [{ field: "open amount", to: "as the list says" }];
  if (outcome.kind === "created") return part === "debtor" ? [{ field: "customer", to: "new" }] : [];
  return outcome.changes.map((change) =>
    part === "debtor" ? { ...change, field: `customer ${change.field}` } : change,
  );
}

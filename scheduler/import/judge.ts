/** Pure: one report for a row, from what became of its inputs. */
import type { LedgerInput, LedgerOutcome } from "#scheduler/ledger/ledger.ts";
import type { FieldChange } from "#scheduler/ledger/outcome.ts";
import { decimalText } from "#shared/money.ts";
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
      changes.push(...changesOf(inputs[i], outcome));
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
  input: LedgerInput | undefined,
  outcome: Extract<LedgerOutcome, { kind: "created" | "updated" }>,
): FieldChange[] {
  if (input?.what === "balance") return [{ field: "open amount", to: "as the list says" }];
  const part = input?.what;
  if (outcome.kind === "created") return part === "debtor" ? [{ field: "customer", to: "new" }] : [];
  if (part === "debtor")
    return outcome.changes.map((change) => ({ ...change, field: `customer ${change.field}` }));
  const currency = input?.what === "receivable" || input?.what === "entry" ? input.input.currency : undefined;
  return outcome.changes.map((change) => inDecimals(change, currency));
}

/** Minor units are for programs: "principal: 26.38 > 36.38" is for the person who reads the report. */
function inDecimals(change: FieldChange, currency: string | undefined): FieldChange {
  if (currency === undefined || (change.field !== "principal" && change.field !== "amount")) return change;
  return {
    field: change.field,
    ...(change.from === undefined ? {} : { from: decimalText(BigInt(change.from), currency) }),
    ...(change.to === undefined ? {} : { to: decimalText(BigInt(change.to), currency) }),
  };
}

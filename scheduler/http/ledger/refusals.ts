/** What the ledger refuses, as problem details. */
import type { Outcome, Refusal, RefusalCode } from "#scheduler/ledger/outcome.ts";
import { type ProblemCatalogue, problemsOf } from "#shared/problems.ts";

export const LEDGER_PROBLEMS = {
  ledger_field_missing: {
    status: 422,
    title: "A new row lacks something that it cannot do without.",
    remedy: "Send the field that `errors` names with the first call.",
    retryable: false,
  },
  ledger_field_invalid: {
    status: 422,
    title: "A field says something that the ledger cannot keep.",
    remedy: "Correct the field that `errors` names.",
    retryable: false,
  },
  ledger_version_conflict: {
    status: 409,
    title: "The same version was sent before with other content.",
    remedy: "Send a higher version with each change.",
    retryable: false,
  },
  ledger_reference_unknown: {
    status: 422,
    title: "It names something that the ledger does not know.",
    remedy: "Send what it names first; then send this again.",
    retryable: true,
  },
  ledger_reference_mixed: {
    status: 422,
    title: "It names receivables of two debtors or currencies.",
    remedy: "Send one entry for each debtor and currency.",
    retryable: false,
  },
  ledger_change_forbidden: {
    status: 409,
    title: "What it wants to change can never change.",
    remedy: "Record what happened since under an id of its own.",
    retryable: false,
  },
  ledger_limit_reached: {
    status: 422,
    title: "More than the ledger keeps for one row.",
    remedy: "`errors` names the limit.",
    retryable: false,
  },
} as const satisfies ProblemCatalogue;

const problem = problemsOf(LEDGER_PROBLEMS);

const CODES: Readonly<Record<RefusalCode, keyof typeof LEDGER_PROBLEMS>> = {
  field_missing: "ledger_field_missing",
  field_invalid: "ledger_field_invalid",
  version_conflict: "ledger_version_conflict",
  reference_unknown: "ledger_reference_unknown",
  reference_mixed: "ledger_reference_mixed",
  change_forbidden: "ledger_change_forbidden",
  limit_reached: "ledger_limit_reached",
};

export function asProblem({ code, field, detail }: Refusal) {
  return problem(CODES[code], { detail, errors: [{ pointer: `/${field}`, detail }] });
}

/** The outcome, or its refusal thrown. */
export function taken<Row>(outcome: Outcome<Row>): Exclude<Outcome<Row>, { kind: "refused" }> {
  if (outcome.kind === "refused") throw asProblem(outcome.refusal);
  return outcome;
}

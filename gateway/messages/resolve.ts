/** A person decides about segments of which nobody knows whether they were sent. */
import { againOrNot, findOpen, type OpenAttempt, submittedThen } from "#gateway/outbox/findings.ts";
import { moveAs } from "#gateway/outbox/move-as.ts";
import type { Settlement } from "#gateway/outbox/settle.ts";
import { type AttemptKey, insertEvidence, lastDecision, type NewEvidence } from "./evidence.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { readWithHistory } from "./read.ts";
import type { Evidence, Message, Resolution, ResolveRequest, ResolveResult } from "./types.ts";

const SELECT_UNKNOWN = `
  select a.message, a.segment, max(a.try) as try
  from segment s join attempt a on a.message = s.message and a.segment = s.number
  where s.message = ? and s.state = 'unknown' and s.number = coalesce(?, s.number)
  group by a.message, a.segment having max(a.try) = coalesce(?, max(a.try)) order by a.segment`;

/** A person's word is no proof, so the attempt itself stays unknown and a later report still finds it. */
const VERDICTS: Readonly<Record<Resolution, Evidence["verdict"]>> = {
  sent: "sent",
  "not-sent": "not-sent",
  failed: "nothing",
};

/** Inside a transaction. */
export function resolveUnknown(
  ledger: Ledger,
  entry: Entry,
  id: string,
  request: ResolveRequest,
  keyId: string | undefined,
): ResolveResult {
  const found = ledger.db.sql("select number, key_id as keyId from message where id = ?").get(id) as
    | { number: number; keyId: string }
    | undefined;
  if (found === undefined || (keyId !== undefined && found.keyId !== keyId)) return { kind: "not-found" };
  const { segment, try: number, outcome } = request;
  const unknown = ledger.db
    .sql(SELECT_UNKNOWN)
    .all(found.number, segment ?? null, number ?? null) as AttemptKey[];
  const decidedBefore = lastDecision(ledger.db, found.number, { segment, try: number }) === outcome;
  for (const attempt of unknown) decide(ledger, entry, attempt, request);
  const message = readWithHistory(ledger.db, id) as Message;
  return unknown.length > 0 || decidedBefore
    ? { kind: "resolved", message }
    : { kind: "nothing-unknown", message };
}

function decide(ledger: Ledger, entry: Entry, attempt: AttemptKey, { outcome, by }: ResolveRequest): void {
  // A sibling that was given up just before may have taken it along.
  const open = findOpen(ledger, attempt);
  if (open?.state !== "unknown") return;
  const saw = `“${by.name}” decided: ${outcome}.`;
  const evidence: NewEvidence = {
    kind: "resolved",
    saw,
    verdict: VERDICTS[outcome],
    decidedBy: by.id,
    decision: outcome,
  };
  insertEvidence(ledger.db, attempt, entry.now, evidence);
  moveAs(ledger, entry, open, "unknown", settlementOf(ledger, entry, open, outcome, saw), "resolved");
}

function settlementOf(
  ledger: Ledger,
  entry: Entry,
  open: OpenAttempt,
  outcome: Resolution,
  saw: string,
): Settlement {
  switch (outcome) {
    case "sent":
      return submittedThen(open, saw);
    case "not-sent":
      return againOrNot(ledger, entry, open, saw);
    case "failed":
      return { to: "failed", reason: saw, code: "given_up" };
  }
}

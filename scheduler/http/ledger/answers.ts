/** What the ledger's routes answer. */
import { z } from "zod";
import { Day, pageOf, Timestamp } from "#scheduler/http/schemas.ts";

export const FieldChange = z
  .object({ field: z.string(), from: z.string().optional(), to: z.string().optional() })
  .meta({ id: "FieldChange" });

export const OutcomeKind = z.enum(["created", "updated", "unchanged", "stale"]).meta({
  description: "stale: a newer word on it is stored, and was kept",
});

export const Feed = z
  .object({ source: z.string(), carries: z.string(), asOf: Timestamp, receivedAt: Timestamp })
  .meta({ id: "Feed" });

export const Creditor = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.string(),
    timeZone: z.string(),
    jurisdiction: z.string(),
    language: z.string(),
    contact: z.string().optional(),
    paymentInstructions: z.record(z.string(), z.string()),
    version: z.int().optional(),
    feeds: z.array(Feed).meta({ description: "How far each feed reaches" }),
  })
  .meta({ id: "Creditor" });

export const ContactPoint = z
  .object({
    channel: z.string(),
    number: z.string(),
    country: z.string().optional(),
    consent: z.object({ state: z.string(), source: z.string().optional(), at: Timestamp.optional() }),
    state: z.string().meta({ description: "new, valid, suspect, retired, opted-out or wrong-party" }),
    score: z.int(),
    rank: z.int(),
    listed: z.boolean().meta({ description: "false: its source does not give it any more" }),
  })
  .meta({ id: "ContactPoint" });

export const Hold = z
  .object({
    id: z.string(),
    kind: z.string(),
    scope: z.string(),
    until: Day.optional(),
    reviewer: z.string().optional(),
    reason: z.string(),
    placedBy: z.string(),
    placedAt: Timestamp,
    endedAt: Timestamp.optional(),
  })
  .meta({ id: "Hold" });

export const Debtor = z
  .object({
    id: z.string(),
    creditor: z.string(),
    name: z.string(),
    kind: z.string(),
    language: z.string(),
    timeZone: z.string().optional(),
    jurisdiction: z.string(),
    segment: z.string(),
    version: z.int().optional(),
    contactPoints: z.array(ContactPoint),
    cases: z.array(z.object({ case: z.string(), currency: z.string(), stage: z.string() })),
    holds: z.array(Hold),
  })
  .meta({ id: "Debtor" });

export const Receivable = z
  .object({
    id: z.string(),
    debtor: z.string(),
    case: z.string(),
    currency: z.string(),
    principal: z.string(),
    open: z.string().meta({ description: "The ledger's sum" }),
    issueDate: Day.optional(),
    dueDate: Day,
    description: z.string().optional(),
    state: z.string().meta({ description: "open, cancelled, or absent from a full list" }),
    disputed: z.boolean(),
    version: z.int().optional(),
  })
  .meta({ id: "Receivable" });

export const Entry = z
  .object({
    id: z.string(),
    kind: z.string(),
    debtor: z.string().optional(),
    case: z.string().optional().meta({ description: "Absent while what it names is not known" }),
    references: z.array(z.string()),
    currency: z.string(),
    amount: z.string(),
    date: Day,
    recordedAt: Timestamp,
    reversedAt: Timestamp.optional(),
    version: z.int().optional(),
  })
  .meta({ id: "Entry" });

/** An upsert answers with what it did and with the row as it is now. */
export function resultOf<K extends string, T extends z.ZodType>(name: K, item: T, id: string) {
  return z
    .object({ outcome: OutcomeKind, changes: z.array(FieldChange), ...({ [name]: item } as { [P in K]: T }) })
    .meta({ id });
}

export const CreditorResult = resultOf("creditor", Creditor, "CreditorResult");
export const DebtorResult = resultOf("debtor", Debtor, "DebtorResult");
export const ReceivableResult = resultOf("receivable", Receivable, "ReceivableResult");
export const EntryResult = resultOf("entry", Entry, "EntryResult");
export const HoldResult = resultOf("hold", Hold, "HoldResult");

export const BatchResult = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        outcome: z.enum([...OutcomeKind.options, "refused"]),
        changes: z.array(FieldChange),
        problem: z.object({ code: z.string(), field: z.string(), detail: z.string() }).optional(),
      }),
    ),
  })
  .meta({ id: "LedgerBatchResult" });

const CaseItem = z.object({
  id: z.string(),
  dueDate: Day,
  principal: z.string(),
  open: z.string(),
  fees: z.string(),
  interest: z.string(),
  credited: z.string(),
  disputed: z.boolean(),
});

export const Case = z
  .object({
    case: z.string(),
    creditor: z.string(),
    debtor: z.string(),
    currency: z.string(),
    stage: z.string(),
    openTotal: z.string(),
    unallocatedCredit: z.string(),
    settledAt: Timestamp.optional(),
    settledAs: z.string().optional(),
    nextActionAt: Timestamp.optional(),
    receivables: z.array(CaseItem).meta({ description: "Those with something open, oldest due date first" }),
    holds: z.array(Hold),
    lastPayment: z.object({ amount: z.string(), date: Day }).optional(),
  })
  .meta({ id: "Case" });

export const CaseSummary = z
  .object({
    case: z.string(),
    creditor: z.string(),
    debtor: z.string(),
    currency: z.string(),
    stage: z.string(),
    settledAs: z.string().optional(),
    nextActionAt: Timestamp.optional(),
  })
  .meta({ id: "CaseSummary" });

export const LedgerEvent = z
  .object({
    sequence: z.int(),
    at: Timestamp,
    actor: z.string(),
    kind: z.string(),
    case: z.string().optional(),
    data: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: "LedgerEvent" });

export const CreditorPage = pageOf(Creditor).meta({ id: "CreditorPage" });
export const CasePage = pageOf(CaseSummary).meta({ id: "CasePage" });
export const LedgerEventPage = pageOf(LedgerEvent).meta({ id: "LedgerEventPage" });

/** The contract of the ledger's routes. */
import { z } from "zod";
import { CodeParams, Day, Id, label, PageQuery, Timestamp } from "#scheduler/http/schemas.ts";
import { isCurrency } from "#shared/money.ts";

const ID_CHARS_MAX = 120;
const NAME_CHARS_MAX = 200;
const TEXT_CHARS_MAX = 500;
const CONTACT_POINTS_MAX = 20;
const REFERENCES_MAX = 200;
export const BATCH_ITEMS_MAX = 1_000;

export const ExternalId = label(ID_CHARS_MAX).meta({ description: "The caller's own id for it" });
const Currency = z
  .string()
  .refine(isCurrency, "Write an ISO 4217 code such as EUR.")
  .meta({ description: "ISO 4217", examples: ["EUR"] });
const Amount = z
  .string('Write an amount in quotes, as "1234.56".')
  .regex(
    /^\d{1,15}(\.\d{1,4})?$/,
    'Write an amount as "1234.56", with no more decimals than its currency has.',
  )
  .meta({ description: "Decimal text in units of the currency", examples: ["1234.56"] });
const version = z.int().min(0).optional().meta({
  description: "The caller's own counter: a lower one never overwrites a higher one",
});
const asOf = Timestamp.optional().meta({
  description: "What is said was so at this moment; now when absent. Without versions the later one wins",
});

export const CreditorParams = z.strictObject({ creditor: ExternalId });
export const ItemParams = z.strictObject({ creditor: ExternalId, id: ExternalId });
export const EntryParams = z.strictObject({
  creditor: ExternalId,
  kind: z.enum(["payments", "credit-notes", "fees", "interest", "write-offs"]),
  id: ExternalId,
});

export const CreditorInput = z
  .strictObject({
    version,
    asOf,
    name: label(NAME_CHARS_MAX).optional(),
    role: z.enum(["creditor", "collector"]).optional(),
    timeZone: label(64)
      .optional()
      .meta({ examples: ["Europe/Berlin"] }),
    jurisdiction: label(6)
      .optional()
      .meta({ examples: ["DE", "US-MA"] }),
    language: label(20)
      .optional()
      .meta({ examples: ["de", "pt-BR"] }),
    contact: label(NAME_CHARS_MAX).nullable().optional().meta({ description: "How debtors reach a person" }),
    paymentInstructions: z.record(Currency, label(TEXT_CHARS_MAX)).optional(),
  })
  .meta({ id: "PutCreditor", description: "A member that is absent stays as it is" });

const Consent = z.strictObject({
  state: z.enum(["unknown", "given", "withdrawn"]),
  source: label(NAME_CHARS_MAX).optional(),
  at: Timestamp.optional(),
});

export const ContactPointInput = z
  .strictObject({
    channel: z.enum(["sms", "email", "post", "phone"]),
    number: label(NAME_CHARS_MAX).meta({ description: "E.164, or as it is dialled in the debtor's country" }),
    consent: Consent.optional(),
    rank: z.int().min(0).max(100).optional().meta({ description: "0 is tried first; its place in the list" }),
  })
  .meta({ id: "PutContactPoint" });

const AMOUNT_WITHOUT_CURRENCY = { path: ["currency"], error: "An amount comes with its currency." };

function namesCurrency(body: { principal?: unknown; amount?: unknown; currency?: unknown }): boolean {
  return (body.principal === undefined && body.amount === undefined) || body.currency !== undefined;
}

const debtorFields = {
  version,
  name: label(NAME_CHARS_MAX).optional(),
  kind: z.enum(["consumer", "business"]).optional(),
  language: label(20).optional(),
  timeZone: label(64).nullable().optional(),
  jurisdiction: label(6).optional(),
  segment: z.string().max(ID_CHARS_MAX).optional(),
  contactPoints: z.array(ContactPointInput).max(CONTACT_POINTS_MAX).optional().meta({
    description: "All that this caller knows: one that it sent before and leaves out is not used any more",
  }),
};

export const DebtorInput = z
  .strictObject({ asOf, ...debtorFields })
  .meta({ id: "PutDebtor", description: "A member that is absent stays as it is; null empties it" });

const receivableFields = {
  version,
  debtor: ExternalId.optional(),
  currency: Currency.optional(),
  principal: Amount.optional(),
  issueDate: Day.nullable().optional(),
  dueDate: Day.optional(),
  description: label(TEXT_CHARS_MAX).nullable().optional(),
  disputed: z.boolean().optional(),
  cancelled: z.boolean().optional(),
};

export const ReceivableInput = z
  .strictObject({ asOf, ...receivableFields })
  .refine(namesCurrency, AMOUNT_WITHOUT_CURRENCY)
  .meta({ id: "PutReceivable" });

const entryFields = {
  version,
  debtor: ExternalId.optional(),
  references: z
    .array(ExternalId)
    .max(REFERENCES_MAX)
    .optional()
    .meta({
      description:
        "Receivables that it names; what is left over pays those issued by then, the oldest first. A fee, interest " +
        "or write-off names exactly one",
    }),
  currency: Currency.optional(),
  amount: Amount.optional(),
  date: Day.optional().meta({
    description: "Value date; of a fee or interest, the day from which it is owed",
  }),
  reversed: z.boolean().optional().meta({ description: "It bounced. There is no way back" }),
};

export const EntryInput = z
  .strictObject({ asOf, ...entryFields })
  .refine(namesCurrency, AMOUNT_WITHOUT_CURRENCY)
  .meta({ id: "PutEntry" });

const BatchItem = z.discriminatedUnion("what", [
  z.strictObject({ what: z.literal("debtor"), id: ExternalId, debtor: z.strictObject(debtorFields) }),
  z.strictObject({
    what: z.literal("receivable"),
    id: ExternalId,
    receivable: z.strictObject(receivableFields).refine(namesCurrency, AMOUNT_WITHOUT_CURRENCY),
  }),
  z.strictObject({
    what: z.literal("entry"),
    kind: EntryParams.shape.kind,
    id: ExternalId,
    entry: z.strictObject(entryFields).refine(namesCurrency, AMOUNT_WITHOUT_CURRENCY),
  }),
]);

export const BatchInput = z
  .strictObject({ asOf, items: z.array(BatchItem).min(1).max(BATCH_ITEMS_MAX) })
  .meta({ id: "LedgerBatch", description: "Taken in this order, in one transaction" });

export const HoldInput = z
  .strictObject({
    kind: z.enum(["dispute", "vulnerable", "legal", "insolvency", "manual"]),
    debtor: ExternalId,
    currency: Currency.optional().meta({ description: "Only the debtor's case in this currency" }),
    receivable: ExternalId.optional().meta({ description: "Only this receivable" }),
    until: Day.optional().meta({ description: "The last day that is held, on the debtor's calendar" }),
    reviewer: label(NAME_CHARS_MAX).optional(),
    reason: label(TEXT_CHARS_MAX),
  })
  .meta({ id: "NewHold" });

export const FeedInput = z
  .strictObject({ carries: z.enum(["receivables", "payments"]), asOf: Timestamp })
  .meta({ id: "PutFeed", description: "Everything up to `asOf` has been sent" });

export const OptOutInput = z
  .strictObject({
    number: label(40),
    creditor: ExternalId.optional().meta({
      description: "Absent: nobody on this gateway may send debt texts",
    }),
    reason: label(TEXT_CHARS_MAX),
  })
  .meta({ id: "NewOptOut" });

export const ListQuery = z.strictObject(PageQuery);
export const CaseQuery = z.strictObject({
  creditor: ExternalId.optional(),
  debtor: ExternalId.optional().meta({ description: "Needs `creditor`" }),
  state: z.enum(["open", "settled", "all"]).default("open"),
  ...PageQuery,
});
export const EventQuery = z.strictObject({
  creditor: ExternalId.optional(),
  debtor: ExternalId.optional().meta({ description: "Needs `creditor`" }),
  case: CodeParams.shape.code.optional(),
  kind: label(40).optional(),
  ...PageQuery,
});
export const HoldIdParams = z.strictObject({ id: Id });

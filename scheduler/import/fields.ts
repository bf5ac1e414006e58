/** What a column of a list can mean. */

export type Carries = "receivables" | "payments";

export const RECEIVABLE_FIELDS = [
  "invoice",
  "version",
  "amount",
  "openAmount",
  "currency",
  "dueDate",
  "issueDate",
  "description",
  "status",
  "debtor",
  "debtorName",
  "phone",
  "phone2",
  "email",
  "language",
  "country",
  "region",
  "timeZone",
  "segment",
  "kind",
  "consent",
] as const;

export const PAYMENT_FIELDS = [
  "payment",
  "invoice",
  "debtor",
  "amount",
  "currency",
  "paidDate",
  "reversed",
  "version",
] as const;

export type Field = (typeof RECEIVABLE_FIELDS)[number] | (typeof PAYMENT_FIELDS)[number];

export const FIELDS: readonly Field[] = [...new Set([...RECEIVABLE_FIELDS, ...PAYMENT_FIELDS])];

export function isField(name: string): name is Field {
  return (FIELDS as readonly string[]).includes(name);
}

/** Without these a list cannot be read. Any one of the names in a group is enough. */
export const REQUIRED: Readonly<Record<Carries, readonly (readonly Field[])[]>> = {
  receivables: [["invoice"], ["amount", "openAmount"], ["dueDate"], ["debtor", "phone"]],
  payments: [["amount"], ["paidDate"], ["invoice", "debtor"]],
};

/** In plain words, for messages and help. */
export const FIELD_TITLES: Readonly<Record<Field, string>> = {
  invoice: "number of the invoice",
  version: "version of the row in its source",
  amount: "amount",
  openAmount: "what is still open of the amount",
  currency: "currency (EUR, USD)",
  dueDate: "due date",
  issueDate: "date of the invoice",
  description: "what the invoice is for",
  status: "state of the invoice (open, paid, cancelled, disputed)",
  debtor: "number of the customer",
  debtorName: "name of the customer",
  phone: "mobile number",
  phone2: "second number",
  email: "e-mail address",
  language: "language of the customer",
  country: "country of the customer",
  region: "state or region of the customer (CA, CN)",
  timeZone: "time zone of the customer (Europe/Madrid)",
  segment: "group of the customer",
  kind: "consumer or business",
  consent: "consent to messages (yes, no)",
  payment: "number of the payment",
  paidDate: "date of the payment",
  reversed: "whether the payment was reversed (yes, no)",
};

/** "Fälligkeits-Datum:" and "FAELLIGKEITSDATUM" become comparable: letters and digits, no accents. */
export function normalise(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/ß/g, "ss")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .replace(/[º°ª#.]/g, " ")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/**
 * The words that a template may leave open, with their types. A template that names another one, or one
 * that its kind of message does not have, is refused before approval.
 */

export type VariableType = "text" | "money" | "date" | "number" | "list";

export interface Variable {
  readonly type: VariableType;
  readonly meaning: string;
}

export const VARIABLES = {
  creditor: { type: "text", meaning: "the creditor's name, as debtors know it" },
  debtor: { type: "text", meaning: "the debtor's name" },
  contact: { type: "text", meaning: "how to reach a person at the creditor" },
  case_code: { type: "text", meaning: "the code that names the case on the creditor's own pages" },
  open_amount: { type: "money", meaning: "the ledger's sum of the listed invoices" },
  due_date: { type: "date", meaning: "the due date of what is listed; the oldest once it is late" },
  final_date: { type: "date", meaning: "until when to pay, counted from the day the text leaves" },
  invoice_list: { type: "list", meaning: "the numbers of the listed invoices" },
  invoice_count: { type: "number", meaning: "how many invoices are listed" },
  payment: { type: "text", meaning: "how to pay in the case's currency" },
  paid_amount: { type: "money", meaning: "what was paid last" },
  promise_amount: { type: "money", meaning: "what the debtor promised to pay" },
  promise_date: { type: "date", meaning: "when the debtor promised to pay" },
  notices: { type: "text", meaning: "the words that the law wants in every text; empty where it wants none" },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;

/** What a text is for, as far as its variables are concerned. */
export type TextPurpose =
  /** To a number that may be a stranger's: nothing of the debt. */
  | "first-contact"
  | "before-due"
  | "arrears"
  | "notice-with-date"
  | "thanks"
  | "promise"
  | "reply"
  | "legal-words";

const EVERYWHERE: readonly VariableName[] = ["creditor", "debtor", "contact", "case_code", "notices"];
const DEBT: readonly VariableName[] = [
  ...EVERYWHERE,
  "open_amount",
  "due_date",
  "final_date",
  "invoice_list",
  "invoice_count",
  "payment",
];

export const VARIABLES_FOR: Readonly<Record<TextPurpose, readonly VariableName[]>> = {
  "first-contact": EVERYWHERE,
  "before-due": DEBT,
  arrears: DEBT,
  "notice-with-date": DEBT,
  thanks: [...EVERYWHERE, "paid_amount"],
  promise: [...EVERYWHERE, "payment", "promise_amount", "promise_date"],
  reply: EVERYWHERE.filter((name) => name !== "case_code" && name !== "debtor"),
  "legal-words": [],
};

/** Without these a text is not complete: who writes, what is asked, how to pay, whom to ask, what the law adds. */
export const REQUIRED_FOR: Readonly<Record<TextPurpose, readonly VariableName[]>> = {
  "first-contact": ["creditor", "contact", "notices"],
  "before-due": ["creditor", "open_amount", "due_date", "payment", "contact", "notices"],
  arrears: ["creditor", "open_amount", "invoice_list", "payment", "contact", "notices"],
  "notice-with-date": [
    "creditor",
    "open_amount",
    "invoice_list",
    "final_date",
    "payment",
    "contact",
    "case_code",
    "notices",
  ],
  thanks: ["creditor", "contact", "notices"],
  promise: ["creditor", "promise_amount", "promise_date", "payment", "contact", "notices"],
  reply: [],
  "legal-words": [],
};

export function isVariable(name: string): name is VariableName {
  return Object.hasOwn(VARIABLES, name);
}

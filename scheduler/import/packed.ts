/**
 * Rows as one text: what goes from thread to thread and into the spool. JSON is made and read in half the
 * time of a structured clone; it has no bigint, so amounts travel as digits.
 */
import { hash } from "node:crypto";
import type { EntryInput } from "#scheduler/ledger/inputs.ts";
import type { LedgerInput } from "#scheduler/ledger/ledger.ts";
import type { DigestedRow } from "./protocol.ts";
import type { ReadReceivable, ReadRow } from "./record.ts";
import type { SortedRow } from "./sort-row.ts";

/** 132 bits: enough that two different rows of one list never look the same. */
const DIGEST_CHARS = 22;

/** A row as `packRead` writes it, by place and without names. */
type Packed =
  | ["receivable", number, ReadReceivable["debtor"], ItemInDigits, ReadReceivable["warnings"], string, string]
  | ["entry", number, EntryInDigits, boolean, ReadReceivable["warnings"], string]
  | ["other", ReadRow];

type InDigits<T, Amounts extends keyof T> = { readonly [K in keyof T]: K extends Amounts ? string : T[K] };
type ItemInDigits = readonly [InDigits<ReceivableInput, "principal" | "principalAtLeast">, string | null];
type EntryInDigits = InDigits<EntryInput, "amount">;

/** One row with the digests of its parts; each part is made into text once, for both. */
export function packRead(read: ReadRow): string {
  if (read.kind === "receivable") {
    const debtor = JSON.stringify(read.debtor);
    const item = JSON.stringify([receivableInDigits(read.receivable), digits(read.open)]);
    const digests = `"${digestOf(debtor)}","${digestOf(item)}"`;
    return `["receivable",${read.row},${debtor},${item},${JSON.stringify(read.warnings)},${digests}]`;
  }
  if (read.kind === "entry") {
    const entry = JSON.stringify({ ...read.entry, amount: digits(read.entry.amount) });
    const warnings = JSON.stringify(read.warnings);
    return `["entry",${read.row},${entry},${read.anonymous},${warnings},"${digestOf(entry)}"]`;
  }
  return JSON.stringify(["other", read]);
}

export function packTogether(rows: readonly string[]): string {
  return `[${rows.join(",")}]`;
}

/** Only for what `packTogether` made. */
export function unpackRead(text: string): DigestedRow[] {
  return (JSON.parse(text) as Packed[]).map(unpackRow);
}

function unpackRow(packed: Packed): DigestedRow {
  switch (packed[0]) {
    case "receivable": {
      const [kind, row, debtor, [receivable, open], warnings, debtorDigest, itemDigest] = packed;
      const read = { kind, row, debtor, receivable: restored(receivable), warnings };
      return { read: open === null ? read : { ...read, open: BigInt(open) }, debtorDigest, itemDigest };
    }
    case "entry": {
      const [kind, row, entry, anonymous, warnings, itemDigest] = packed;
      return { read: { kind, row, entry: restored(entry), anonymous, warnings }, itemDigest };
    }
    case "other":
      return { read: packed[1] };
  }
}

function digestOf(text: string): string {
  return hash("sha256", text, "base64").slice(0, DIGEST_CHARS);
}

export function packSorted(rows: readonly SortedRow[]): string {
  return JSON.stringify(
    rows.map((row) => (row.kind === "inputs" ? { ...row, inputs: row.inputs.map(inputInDigits) } : row)),
  );
}

/** Only for what `packSorted` made. */
export function unpackSorted(text: string): SortedRow[] {
  const rows = JSON.parse(text) as SortedRow[];
  for (const row of rows) if (row.kind === "inputs") for (const input of row.inputs) restore(input);
  return rows;
}

type ReceivableInput = Extract<LedgerInput, { what: "receivable" }>["input"];

function receivableInDigits(input: ReceivableInput): object {
  const { principal, principalAtLeast } = input;
  return { ...input, principal: digits(principal), principalAtLeast: digits(principalAtLeast) };
}

function inputInDigits(row: LedgerInput): object {
  switch (row.what) {
    case "debtor":
      return row;
    case "receivable":
      return { ...row, input: receivableInDigits(row.input) };
    case "entry":
      return { ...row, input: { ...row.input, amount: digits(row.input.amount) } };
    case "balance":
      return { ...row, input: { ...row.input, open: digits(row.input.open) } };
  }
}

function restore(row: LedgerInput): void {
  if (row.what !== "debtor") toBigints(row.input);
}

function restored<T extends ReceivableInput | EntryInput>(input: object): T {
  toBigints(input);
  return input as T;
}

function digits(amount: bigint | undefined): string | undefined {
  return amount === undefined ? undefined : amount.toString();
}

const AMOUNTS = ["principal", "principalAtLeast", "amount", "open"] as const;

/** In place: the object was made by the parser a moment ago. */
function toBigints(row: object): void {
  const values = row as Record<string, unknown>;
  for (const field of AMOUNTS) {
    const value = values[field];
    if (typeof value === "string") values[field] = BigInt(value);
  }
}

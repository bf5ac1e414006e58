/**
 * Rows as one text: what goes from thread to thread and into the spool. JSON is made and read in half the
 * time of a structured clone; it has no bigint, so amounts travel as digits.
 */
import type { LedgerInput } from "#scheduler/ledger/ledger.ts";
import type { DigestedRow } from "./protocol.ts";
import type { SortedRow } from "./sort-row.ts";

export function packRead(rows: readonly DigestedRow[]): string {
  return JSON.stringify(rows.map(readInDigits));
}

/** Only for what `packRead` made. */
export function unpackRead(text: string): DigestedRow[] {
  const rows = JSON.parse(text) as DigestedRow[];
  for (const { read } of rows)
    if (read.kind === "receivable") {
      toBigints(read, ["open"]);
      toBigints(read.receivable, ["principal", "principalAtLeast"]);
    } else if (read.kind === "entry") toBigints(read.entry, ["amount"]);
  return rows;
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

function readInDigits(row: DigestedRow): unknown {
  const { read } = row;
  if (read.kind === "receivable")
    return {
      ...row,
      read: { ...read, open: digits(read.open), receivable: receivableInDigits(read.receivable) },
    };
  if (read.kind === "entry")
    return { ...row, read: { ...read, entry: { ...read.entry, amount: digits(read.entry.amount) } } };
  return row;
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
  if (row.what === "receivable") toBigints(row.input, ["principal", "principalAtLeast"]);
  else if (row.what === "entry") toBigints(row.input, ["amount"]);
  else if (row.what === "balance") toBigints(row.input, ["open"]);
}

function digits(amount: bigint | undefined): string | undefined {
  return amount === undefined ? undefined : amount.toString();
}

/** In place: the object was made by the parser a moment ago. */
function toBigints(row: object, fields: readonly string[]): void {
  const values = row as Record<string, unknown>;
  for (const field of fields) {
    const value = values[field];
    if (typeof value === "string") values[field] = BigInt(value);
  }
}

/**
 * What a row of the list means beside the other rows of the same list: the first word on an invoice or
 * payment counts, a copy of it is ignored, and a contradiction is refused.
 */
import type { EntryInput } from "#scheduler/ledger/inputs.ts";
import type { LedgerInput } from "#scheduler/ledger/ledger.ts";
import type { LocalDate } from "#shared/local-date.ts";
import { together, withEarlierConsent } from "./numbers-given.ts";
import type { DigestedRow } from "./protocol.ts";
import type { ReadEntry, ReadReceivable } from "./record.ts";
import type { RowReport } from "./report.ts";
import type { FirstSeen, Seen } from "./seen.ts";

/** A row that has something for the ledger. */
export interface InputRow {
  readonly kind: "inputs";
  readonly row: number;
  readonly what: string;
  readonly inputs: readonly LedgerInput[];
  readonly warnings: RowReport["warnings"];
}

export type SortedRow = InputRow | { readonly kind: "settled"; readonly report: RowReport };

export interface RowSorter {
  sort(row: DigestedRow): SortedRow;
}

export function createRowSorter(seen: Seen, asOfDate: LocalDate): RowSorter {
  return {
    sort({ read, debtorDigest = "", itemDigest = "" }) {
      switch (read.kind) {
        case "refused":
          if (read.invoice !== undefined) seen.item("receivable", read.invoice, read.row, "refused");
          return settled({
            row: read.row,
            action: "refused",
            problems: read.problems,
            ...named(read.invoice),
          });
        case "ignored":
          return settled({ row: read.row, action: "ignored", note: read.why });
        case "receivable": {
          const what = `receivable ${read.receivable.externalId}`;
          const before = seen.item("receivable", read.receivable.externalId, read.row, itemDigest);
          if (before !== undefined) return again(read.row, what, before, itemDigest);
          const { externalId, contactPoints = [] } = read.debtor;
          const earlier = seen.debtor(externalId, read.row, debtorDigest, contactPoints);
          return inputsOf(read, what, { earlier, debtorDigest, asOfDate, seen });
        }
        case "entry":
          return sortEntry(read, itemDigest, seen);
      }
    },
  };
}

function named(invoice: string | undefined): { what?: string } {
  return invoice === undefined ? {} : { what: `receivable ${invoice}` };
}

function settled(report: Partial<RowReport> & Pick<RowReport, "row" | "action">): SortedRow {
  return { kind: "settled", report: { changes: [], problems: [], warnings: [], ...report } };
}

function again(row: number, what: string, before: FirstSeen, digest: string): SortedRow {
  if (before.digest === digest)
    return settled({ row, action: "ignored", what, note: `It repeats row ${before.row}.` });
  return settled({
    row,
    action: "refused",
    what,
    problems: [
      {
        detail: `Row ${before.row} has the same number with other content. Leave one of them out, or give it its own number.`,
      },
    ],
  });
}

function sortEntry(read: ReadEntry, digest: string, seen: Seen): SortedRow {
  let entry: EntryInput = read.entry;
  if (read.anonymous) {
    // Two equal payments of one day are two payments; the same file twice must give them the same names.
    const times = seen.count(entry.externalId);
    if (times > 1) entry = { ...entry, externalId: `${entry.externalId}#${times}` };
  }
  const what = `${entry.kind} ${entry.externalId}`;
  const before = seen.item(entry.kind, entry.externalId, read.row, digest);
  if (before !== undefined) return again(read.row, what, before, digest);
  const inputs: LedgerInput[] = [{ what: "entry", input: entry }];
  return { kind: "inputs", row: read.row, what, inputs, warnings: read.warnings };
}

interface InputContext {
  readonly earlier: FirstSeen | undefined;
  readonly debtorDigest: string;
  readonly asOfDate: LocalDate;
  readonly seen: Seen;
}

function inputsOf(
  read: ReadReceivable,
  what: string,
  { earlier, debtorDigest, asOfDate, seen }: InputContext,
): SortedRow {
  const inputs: LedgerInput[] = [];
  const warnings = [...read.warnings];
  if (earlier === undefined) inputs.push({ what: "debtor", input: read.debtor, contacts: "replace" });
  else if (earlier.digest !== debtorDigest) {
    const { externalId, contactPoints } = read.debtor;
    warnings.push({
      field: "debtor",
      detail: `Row ${earlier.row} says other things of the same customer. Its words count; further numbers are added.`,
    });
    if (contactPoints !== undefined && contactPoints.length > 0) {
      const { first, further } = seen.numbersOf(externalId);
      const points = withEarlierConsent(contactPoints, together(first, further));
      inputs.push({ what: "debtor", input: { externalId, contactPoints: points }, contacts: "add" });
    }
  }
  inputs.push({ what: "receivable", input: read.receivable });
  if (read.open !== undefined)
    inputs.push({
      what: "balance",
      input: { receivable: read.receivable.externalId, open: read.open, date: asOfDate },
    });
  return { kind: "inputs", row: read.row, what, inputs, warnings };
}

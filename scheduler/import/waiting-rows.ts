/** Rows that are judged after all others. They lie in a spool of their own, which most imports never need. */
import { together } from "./numbers-given.ts";
import type { Seen } from "./seen.ts";
import type { InputRow } from "./sort-row.ts";
import type { Spool } from "./spool.ts";

export interface WaitingRows {
  add(rows: readonly InputRow[]): void;
  batches(): Generator<readonly InputRow[]>;
  close(): void;
}

export function createWaitingRows(open: () => Spool): WaitingRows {
  let spool: Spool | undefined;
  return {
    add(rows) {
      if (rows.length === 0) return;
      spool ??= open();
      spool.write({ rows, done: 1 });
    },
    *batches() {
      for (const { rows } of spool?.batches() ?? []) yield rows as readonly InputRow[];
    },
    close: () => spool?.close(),
  };
}

/** A row that waited, now that all rows were read. */
export function afterAllRows(row: InputRow, seen: Seen): InputRow {
  const [first, ...rest] = row.inputs;
  if (first?.what !== "debtor") return row;
  const { first: own, further } = seen.numbersOf(first.input.externalId);
  const input = { ...first.input, contactPoints: together(own, further) };
  return { ...row, inputs: [{ ...first, input }, ...rest] };
}

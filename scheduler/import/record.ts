/** What one row of a list says, as inputs of the ledger, or why it cannot be read. */

import type { DebtorInput, EntryInput, ReceivableInput } from "#scheduler/ledger/inputs.ts";
import type { LocalDate } from "#shared/local-date.ts";
import type { DecimalStyle } from "./amounts.ts";
import type { DateStyle } from "./dates.ts";
import type { Carries, Field } from "./fields.ts";

/** Everything a reader of rows needs to know; settled before the first row is read. */
export interface ReadingSettings {
  readonly carries: Carries;
  readonly headerRow: number;
  /** Texts of the header row: a page break repeats them. */
  readonly headerTexts: readonly string[];
  readonly columns: readonly {
    readonly index: number;
    readonly column: string;
    readonly header: string;
    readonly field: Field;
  }[];
  /** Absent when no amount of the list needs one. */
  readonly decimal?: DecimalStyle;
  readonly dates: DateStyle;
  /** For rows that name none. */
  readonly currency?: string;
  /** ISO 3166-1 alpha-2 for numbers in national writing. */
  readonly homeCountry: string;
  /** Source of consent that the list states. */
  readonly source: string;
}

export interface RowProblem {
  /** "C", as a spreadsheet names it; absent when it concerns the row. */
  readonly column?: string;
  readonly field?: Field;
  /** Rule and remedy. Never repeats a name or a number. */
  readonly detail: string;
}

export interface ReadReceivable {
  readonly kind: "receivable";
  readonly row: number;
  readonly debtor: DebtorInput;
  readonly receivable: ReceivableInput;
  /** What the list says is still open of it. */
  readonly open?: bigint;
  readonly warnings: readonly RowProblem[];
}

export interface ReadEntry {
  readonly kind: "entry";
  readonly row: number;
  readonly entry: EntryInput;
  /** The list has no number for it: the external id stands for what the row says. */
  readonly anonymous: boolean;
  readonly warnings: readonly RowProblem[];
}

export type ReadRow =
  | ReadReceivable
  | ReadEntry
  | {
      readonly kind: "refused";
      readonly row: number;
      readonly problems: readonly RowProblem[];
      /** The invoice that the row speaks of, when that much could be read: a full list must not miss it. */
      readonly invoice?: string;
    }
  | { readonly kind: "ignored"; readonly row: number; readonly why: string };

/** Values of a row that were read, by field. */
export interface Values {
  text(field: Field): string | undefined;
  amount(field: "amount" | "openAmount", currency: string | undefined): bigint | undefined;
  date(field: "dueDate" | "issueDate" | "paidDate"): LocalDate | undefined;
  yesNo(field: "consent" | "reversed"): boolean | undefined;
  /** Of an amount that names one ("12,50 €"). */
  currencyOfAmounts(): string | undefined;
  problem(field: Field, detail: string): void;
  warn(field: Field, detail: string): void;
}

/** Lists with one row that must not be taken. */
import { GOOD, workbook } from "./hostile-files.ts";
import { GOOD_ROWS, HEADER, sheetXml } from "./support.ts";

export interface BadRow {
  readonly what: string;
  readonly file: string;
  readonly content: () => string | Uint8Array;
  readonly row: number;
  readonly column?: string;
  readonly says: RegExp;
}

export const row = (...cells: string[]): string => `${HEADER}\n${GOOD}\n${cells.join(";")}\n`;

export const REFUSED_ROW: readonly BadRow[] = [
  {
    what: "a formula in a workbook",
    file: "a.xlsx",
    content: () =>
      workbook(
        sheetXml([
          ...GOOD_ROWS.slice(0, 2),
          ["INV-2", "C-2", "Jan", "+491701234568", { f: "1+1" }, "EUR", "2026-02-01"],
        ]),
      ),
    row: 3,
    column: "E",
    says: /is a formula/,
  },
  {
    what: "a formula that would start a program (CSV injection)",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "=cmd|' /C calc'!A0", "+491701234567", "1.00", "EUR", "2026-02-01"),
    row: 3,
    column: "C",
    says: /is a formula/,
  },
  {
    what: "an escape character in a name",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "E\u001b[31mva", "+491701234567", "1.00", "EUR", "2026-02-01"),
    row: 3,
    column: "C",
    says: /cannot be shown/,
  },
  {
    what: "a replacement character: the text was lost before",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "M\ufffdller", "+491701234567", "1.00", "EUR", "2026-02-01"),
    row: 3,
    column: "C",
    says: /charset/,
  },
  {
    what: "an amount in another style than the list",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "Eva", "+491701234567", "1.00x", "EUR", "2026-02-01"),
    row: 3,
    column: "E",
    says: /decimal point/,
  },
  {
    what: "an amount beyond the ledger's limit",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "Eva", "+491701234567", "99999999999999999.00", "EUR", "2026-02-01"),
    row: 3,
    column: "E",
    says: /more than this ledger takes/,
  },
  {
    what: "the 31st of February",
    file: "a.csv",
    content: () => row("INV-2", "C-2", "Eva", "+491701234567", "1.00", "EUR", "2026-02-31"),
    row: 3,
    column: "G",
    says: /no day of the calendar/,
  },
  {
    what: "the same invoice with another amount",
    file: "a.csv",
    content: () => row("INV-1", "C-1", "Eva", "+491701234567", "99.00", "EUR", "2026-02-01"),
    row: 3,
    says: /Row 2 has the same number/,
  },
  {
    what: "an error value of a workbook",
    file: "a.xlsx",
    content: () =>
      workbook(
        sheetXml(GOOD_ROWS.slice(0, 2)).replace(
          "</sheetData>",
          `<row r="3"><c r="A3" t="inlineStr"><is><t>INV-2</t></is></c><c r="E3" t="e"><v>#N/A</v></c></row></sheetData>`,
        ),
      ),
    row: 3,
    column: "E",
    says: /#N\/A/,
  },
];

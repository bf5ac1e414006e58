/** What is told from the file itself: separator, header, columns, workbook cells. */
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type ExcelJS from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cellText, type RawRow } from "#scheduler/import/cell.ts";
import { detectSeparator } from "#scheduler/import/csv.ts";
import { findHeader } from "#scheduler/import/header.ts";
import { openSource } from "#scheduler/import/source.ts";
import { showsDay } from "#scheduler/import/xlsx-parts.ts";
import { readList as read } from "./read-list.ts";
import { sheetXml, workbookParts, zipOf } from "./support.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-formats-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("separators", () => {
  test.each([
    ["a;b;c\n1;2,5;3\n", ";"],
    ["a,b,c\n1,2,3\n", ","],
    ["a\tb\tc\n1\t2\t3\n", "\t"],
    ["a|b|c\n1|2|3\n", "|"],
    ['a;b\n"x;y;z";2\n', ";"],
    ["sep=,\na,b\n1;1,2;2\n", ","],
    ["Amount;Note\n1,50;one, two, three\n2,50;four, five\n", ";"],
  ])("%j", (text, separator) => {
    expect(detectSeparator(text)).toBe(separator);
  });

  test("rows count as a spreadsheet counts them, with line ends inside of quotes", async () => {
    const { rows } = await read('sep=;\r\na;b\r\n\r\n"x\r\ny";2\rlast;3');
    expect(rows.map((row) => [row.row, ...row.cells.map(cellText)])).toEqual([
      [1, ""],
      [2, "a", "b"],
      [3, ""],
      [4, "x\r\ny", "2"],
      [5, "last", "3"],
    ]);
  });
});

describe("headers", () => {
  const lists: readonly [language: string, header: string, fields: string[]][] = [
    [
      "English",
      "Invoice No.;Customer ID;Customer Name;Mobile Number;Amount Due;Due Date",
      ["invoice", "debtor", "debtorName", "phone", "openAmount", "dueDate"],
    ],
    [
      "German",
      "Re.-Nr.;Kunden-Nr.;Kunde;Handynummer;Offener Betrag (EUR);Fällig am",
      ["invoice", "debtor", "debtorName", "phone", "openAmount", "dueDate"],
    ],
    [
      "Spanish",
      "Nº Factura;Código cliente;Cliente;Teléfono móvil;Importe pendiente;Fecha de vencimiento",
      ["invoice", "debtor", "debtorName", "phone", "openAmount", "dueDate"],
    ],
    [
      "French",
      "N° facture;Code client;Nom du client;Téléphone portable;Montant TTC;Date d'échéance",
      ["invoice", "debtor", "debtorName", "phone", "amount", "dueDate"],
    ],
    [
      "Portuguese",
      "Número da fatura;Nº do cliente;Nome do cliente;Telemóvel;Valor total;Data de vencimento",
      ["invoice", "debtor", "debtorName", "phone", "amount", "dueDate"],
    ],
    [
      "a program",
      "invoiceNumber,customerName,mobile,openAmount,dueDate".replaceAll(",", ";"),
      ["invoice", "debtorName", "phone", "openAmount", "dueDate"],
    ],
  ];
  test.each(lists)("in %s", (_language, header, fields) => {
    const found = findHeader([{ row: 1, cells: header.split(";") }], { asked: {}, remembered: {} });
    expect(found.columns.map((column) => column.field)).toEqual(fields);
    expect(found.carries).toBe("receivables");
  });

  test("below a title, and beside columns that mean nothing here", () => {
    const rows: RawRow[] = [
      { row: 1, cells: ["Open items of Acme GmbH"] },
      { row: 2, cells: [] },
      { row: 3, cells: ["Rechnung", "Mandant", "Betrag", "Fälligkeit", "Debitor", "Datum"] },
    ];
    const found = findHeader(rows, { asked: {}, remembered: {} });
    expect(found.row).toBe(3);
    expect(found.columns.map((column) => column.field)).toEqual([
      "invoice",
      undefined,
      "amount",
      "dueDate",
      "debtor",
      "issueDate",
    ]);
  });

  test("with a column that has no name, in a workbook that leaves its empty cells out", async () => {
    const sheet = sheetXml([
      ["Invoice", undefined, "Amount", "Due date", undefined, "Mobile"],
      ["INV-1", undefined, 12.5, "2026-02-01", undefined, "+491701234567"],
    ]);
    const { rows } = await read(zipOf(workbookParts(sheet)));
    const found = findHeader(rows, { asked: {}, remembered: {} });
    const fields = ["invoice", undefined, "amount", "dueDate", undefined, "phone"];
    expect(found.columns.map((column) => column.field)).toEqual(fields);
  });

  test("payments are told by the day on which they were paid", () => {
    const found = findHeader(
      [{ row: 1, cells: ["Buchungstag", "Betrag", "Kundennummer", "Rechnungsnummer"] }],
      {
        asked: {},
        remembered: {},
      },
    );
    expect(found.carries).toBe("payments");
  });

  test("what was asked wins over what was remembered, and that over the name", () => {
    const rows: RawRow[] = [{ row: 1, cells: ["Invoice", "Foo", "Amount", "Due date", "Customer number"] }];
    const remembered = { Foo: "phone", Amount: "openAmount" };
    const found = findHeader(rows, { asked: { B: "email", Amount: "amount" }, remembered });
    expect(found.columns.map(({ field, by }) => [field, by])).toEqual([
      ["invoice", "name"],
      ["email", "asked"],
      ["amount", "asked"],
      ["dueDate", "name"],
      ["debtor", "name"],
    ]);
  });

  test.each([
    [["a", "b", "c"], {}, "header_missing"],
    [["Invoice", "Customer number", "Amount"], {}, "column_missing"],
    [["Invoice", "Amount", "Due date"], {}, "column_missing"],
    [["Invoice", "Amount", "Due date", "Customer number"], { Nothing: "phone" }, "column_unknown"],
    [["Invoice", "Amount", "Due date", "Customer number"], { Amount: "sum" }, "column_unknown"],
  ])("%j with %j is refused: %s", (cells, asked, code) => {
    expect(() => findHeader([{ row: 1, cells }], { asked, remembered: {} })).toThrow(
      expect.objectContaining({ code }) as Error,
    );
  });
});

describe("workbooks", () => {
  const { Workbook } = createRequire(import.meta.url)("exceljs") as typeof ExcelJS;

  test("cells of every kind, as another program wrote them", async () => {
    for (const shared of [false, true]) {
      const path = join(folder, `made-${shared}.xlsx`);
      const book = new (
        createRequire(import.meta.url)("exceljs") as typeof ExcelJS
      ).stream.xlsx.WorkbookWriter({
        filename: path,
        useStyles: true,
        useSharedStrings: shared,
      });
      const sheet = book.addWorksheet("Offen & gut");
      sheet
        .addRow(['Größe <&> "x"', 12.5, new Date(Date.UTC(2026, 0, 31)), true, null, "007"])
        .getCell(3).numFmt = "dd.mm.yyyy";
      sheet
        .addRow([
          { formula: "A1", result: 3 },
          { error: "#N/A" },
          { richText: [{ text: "ab" }, { text: "cd" }] },
        ])
        .commit();
      sheet.getRow(4).getCell(2).value = 60;
      await book.commit();
      const source = await openSource(path, { country: "DE" });
      const rows: RawRow[] = [];
      for await (const batch of source.rows()) rows.push(...batch);
      await source.close();
      expect(source.format.sheet).toBe("Offen & gut");
      expect(rows[0]?.cells).toEqual(['Größe <&> "x"', 12.5, { date: "2026-01-31" }, true, undefined, "007"]);
      expect(rows[1]?.cells).toEqual([{ formula: true }, { error: "#N/A" }, "abcd"]);
      expect(rows[2]).toEqual({ row: 4, cells: [undefined, 60] });
    }
  });

  test("dates of both calendars, hidden sheets left out, a sheet by its name", async () => {
    const path = join(folder, "1904.xlsx");
    const book = new Workbook();
    book.properties.date1904 = true;
    book.addWorksheet("hidden", { state: "hidden" }).addRow(["secret"]);
    book.addWorksheet("first").addRow([new Date(Date.UTC(2026, 1, 28))]);
    book.addWorksheet("second").addRow(["here"]);
    await book.xlsx.writeFile(path);
    const first = await openSource(path, { country: "DE" });
    for await (const rows of first.rows()) expect(rows[0]?.cells).toEqual([{ date: "2026-02-28" }]);
    await first.close();
    expect(first.format).toMatchObject({ sheet: "first", otherSheets: ["second"] });
    const second = await openSource(path, { country: "DE", sheet: "second" });
    for await (const rows of second.rows()) expect(rows[0]?.cells).toEqual(["here"]);
    await second.close();
    await expect(openSource(path, { country: "DE", sheet: "hidden" })).rejects.toMatchObject({
      code: "sheet_missing",
    });
  });

  test.each([
    ["dd.mm.yyyy", true],
    ["m/d/yy h:mm", true],
    ['[$-409]d" of "mmmm', true],
    ["#,##0.00", false],
    ["0.00%", false],
    ["[Red]#,##0", false],
    ['0 "days"', false],
    ["h:mm:ss", false],
    ["General", false],
  ])("the format %s shows a day: %s", (code, shows) => {
    expect(showsDay(code)).toBe(shows);
  });
});

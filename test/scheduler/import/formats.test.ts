/** What is told from the file itself: charset, separator, header, columns, workbook cells. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type ExcelJS from "exceljs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cellText, type RawRow } from "#scheduler/import/cell.ts";
import { detectSeparator } from "#scheduler/import/csv.ts";
import { findHeader } from "#scheduler/import/header.ts";
import { openSource, type SourceOptions } from "#scheduler/import/source.ts";
import { showsDay } from "#scheduler/import/xlsx-parts.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-formats-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(content: string | Uint8Array, options: Partial<SourceOptions> = {}) {
  const path = join(folder, "list");
  writeFileSync(path, content);
  const source = await openSource(path, { country: "DE", ...options });
  const rows: RawRow[] = [];
  try {
    for await (const batch of source.rows()) rows.push(...batch);
  } finally {
    await source.close();
  }
  return { format: source.format, rows };
}

/** Encodes by looking each octet up in the decoder, so that no second table can be wrong. */
function encode(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const octets = new Map(Array.from({ length: 256 }, (_, i) => [decoder.decode(Uint8Array.of(i)), i]));
  return Uint8Array.from([...text].map((character) => octets.get(character) ?? 0x3f));
}

describe("charsets", () => {
  const texts: readonly [label: string, country: string, text: string][] = [
    ["windows-1252", "DE", "Müller;Straße;Weiß;Jäger;Grün"],
    ["windows-1252", "ES", "Muñoz;Peña;José;García;Ibáñez"],
    ["windows-1252", "FR", "François;Hélène;Château;Noël;Lefèvre"],
    ["windows-1250", "PL", "Wiśniewski;Łukasz;Kowalczyk;Zając;Błażej;Różański"],
    ["windows-1250", "CZ", "Dvořák;Procházka;Kučera;Veselý;Němec;Růžička"],
    ["windows-1250", "HU", "Erdős;Szűcs;Tóth;Kőműves;Győző"],
    ["windows-1251", "BG", "Иванов;Петрова;Георгиев;Димитрова"],
    ["windows-1253", "GR", "Παπαδόπουλος;Νικολάου;Γεωργίου"],
    ["windows-1254", "TR", "Yılmaz;Şahin;Öztürk;Çelik;Doğan"],
    ["macintosh", "DE", "Müller;Straße;Jäger;Größe"],
  ];
  test.each(texts)("%s from %s", async (label, country, text) => {
    const { format, rows } = await read(encode(`${text}\n${text}\n`, label), { country });
    expect(format.charset).toBe(label);
    expect(rows[0]?.cells).toEqual(text.split(";"));
  });

  test("UTF-8 is told although its first accent comes in the last row", async () => {
    const { format, rows } = await read(`${"plain;text\n".repeat(200_000)}Müller;Ende\n`);
    expect(format.charset).toBe("utf-8");
    expect(rows.at(-1)).toEqual({ row: 200_001, cells: ["Müller", "Ende"] });
  });

  test("byte order marks and UTF-16 with and without one", async () => {
    const text = "Größe;1\nMünchen;2\n";
    const le = Buffer.from(text, "utf16le");
    const be = Buffer.from(le).swap16();
    for (const [bytes, charset] of [
      [Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]), "utf-8"],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), le]), "utf-16le"],
      [Buffer.concat([Buffer.from([0xfe, 0xff]), be]), "utf-16be"],
      [le, "utf-16le"],
      [be, "utf-16be"],
    ] as const) {
      const { format, rows } = await read(bytes);
      expect(format.charset).toBe(charset);
      expect(rows.map((row) => row.cells[0])).toEqual(["Größe", "München"]);
    }
  });

  test("a euro sign alone does not make a charset of the East", async () => {
    const { format } = await read(encode("Preis;12,50 €\nMueller;3,00 €\n", "windows-1252"), {
      country: "PL",
    });
    const { rows } = await read(encode("Preis;12,50 €\n", "windows-1252"));
    expect(rows[0]?.cells[1]).toBe("12,50 €");
    expect(["windows-1252", "windows-1250"]).toContain(format.charset);
  });

  test("a file put together from two charsets is refused with the row, unless its charset is named", async () => {
    const mixed = Buffer.concat([
      Buffer.from("Name;Ort\nMüller;Köln\n"),
      encode("Jäger;Köln\n", "windows-1252"),
    ]);
    await expect(read(mixed)).rejects.toMatchObject({ code: "text_broken", row: 3 });
    const { format } = await read(mixed, { charset: "windows-1252" });
    expect(format.charset).toBe("windows-1252");
  });

  test("a few names that were spoilt before do not spoil the list", async () => {
    const plain = encode("Name;Ort\n".concat("Jäger;Köln\n".repeat(30)), "windows-1252");
    const { format } = await read(Buffer.concat([plain, Buffer.from("Müller;Bonn\n")]));
    expect(format.charset).toBe("windows-1252");
  });

  test("an unknown charset is refused by name", async () => {
    await expect(read("a;b\n", { charset: "klingon" })).rejects.toMatchObject({ code: "charset_unknown" });
  });
});

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

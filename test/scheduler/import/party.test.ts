/** "Customer" is a number in one list and a name in the next: the values and the other columns tell. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { findHeader } from "#scheduler/import/header.ts";
import { type ImportBench, openImportBench } from "./support.ts";

const NUMBERS = ["1001", "1002", "1003"];
const CODES = ["C-1001", "K 17", "DE123/4"];
const NAMES = ["Eva Muster", "Acme GmbH & Co. KG", "Taxi 4711"];
const BRANDS = ["3M", "Muster GmbH", "Bäckerei Süß"];

interface Row {
  readonly what: string;
  readonly columns: Readonly<Record<string, readonly (string | number)[]>>;
  /** The header of the column that is the customer's number, and that is his name. */
  readonly number?: string;
  readonly name?: string;
  readonly note?: readonly [header: string, note: string];
}

const NAME_NOTE = "the name of the customer is taken from E";

const TABLE: readonly Row[] = [
  {
    what: "a number beside a name",
    columns: { Customer: NUMBERS, Name: NAMES },
    number: "Customer",
    name: "Name",
  },
  {
    what: "the same the other way round",
    columns: { Name: NAMES, Customer: CODES },
    number: "Customer",
    name: "Name",
  },
  {
    what: "numbers of a workbook",
    columns: { Client: [1001, 1002], "Full name": NAMES },
    number: "Client",
    name: "Full name",
  },
  { what: "in German", columns: { Kunde: NUMBERS, Firma: NAMES }, number: "Kunde", name: "Firma" },
  { what: "in Spanish", columns: { Cliente: NUMBERS, Nombre: NAMES }, number: "Cliente", name: "Nombre" },
  { what: "in French", columns: { Client: CODES, Nom: NAMES }, number: "Client", name: "Nom" },
  { what: "in Portuguese", columns: { Cliente: CODES, Nome: NAMES }, number: "Cliente", name: "Nome" },
  {
    what: "two names: the customer's counts",
    columns: { Customer: NAMES, Name: NAMES },
    name: "Customer",
    note: ["Name", NAME_NOTE],
  },
  { what: "a name alone", columns: { Customer: NAMES }, name: "Customer" },
  { what: "brands with digits", columns: { Customer: BRANDS }, name: "Customer" },
  { what: "a number alone", columns: { Customer: NUMBERS }, number: "Customer" },
  {
    what: "nothing below the header",
    columns: { Customer: [], Name: [] },
    name: "Customer",
    note: ["Name", NAME_NOTE],
  },
  {
    what: "blank below the header",
    columns: { Customer: ["", " "], Name: NAMES },
    name: "Customer",
    note: ["Name", NAME_NOTE],
  },
  {
    what: "beside a column of numbers, a name",
    columns: { "Customer number": NUMBERS, Customer: NAMES },
    number: "Customer number",
    name: "Customer",
  },
  {
    what: "beside a column of numbers and one of names, not used",
    columns: { "Customer number": NUMBERS, Customer: CODES, Name: NAMES },
    number: "Customer number",
    name: "Name",
    note: ["Customer", "the name of the customer is taken from G"],
  },
  {
    what: '"Debtor" beside a column of numbers, the name',
    columns: { "Customer number": NUMBERS, Debtor: NAMES },
    number: "Customer number",
    name: "Debtor",
  },
  { what: '"Debtor" alone is the number, whatever it is', columns: { Debtor: NAMES }, number: "Debtor" },
  {
    what: '"Debtor" with numbers beside a name',
    columns: { Debtor: CODES, Name: NAMES },
    number: "Debtor",
    name: "Name",
  },
  {
    what: '"Debtor" with names beside a number and a name',
    columns: { Debtor: NAMES, "Customer number": NUMBERS, Name: NAMES },
    number: "Customer number",
    name: "Name",
    note: ["Debtor", "the number of the customer is taken from F"],
  },
];

function headerOf(columns: Row["columns"], over: Partial<Parameters<typeof findHeader>[1]> = {}) {
  const names = Object.keys(columns);
  const count = Math.max(...Object.values(columns).map((values) => values.length));
  const rows = Array.from({ length: count }, (_, i) => ({
    row: i + 2,
    cells: [`INV-${i}`, "1.50", "2026-01-31", "+491701234567", ...names.map((name) => columns[name]?.[i])],
  }));
  const header = { row: 1, cells: ["Invoice", "Amount", "Due date", "Mobile", ...names] };
  return findHeader([header, ...rows], { asked: {}, remembered: {}, ...over });
}

test.each(TABLE)("$what", ({ columns, number, name, note }) => {
  const found = headerOf(columns).columns;
  const holder = (field: string) => found.find((column) => column.field === field)?.header;
  expect({ number: holder("debtor"), name: holder("debtorName") }).toEqual({ number, name });
  expect(found.filter((one) => one.note !== undefined).map((one) => [one.header, one.note])).toEqual(
    note ? [note] : [],
  );
});

test("what was asked for or remembered is not told anew", () => {
  const columns = { Customer: NUMBERS, Name: NAMES };
  const asked = headerOf(columns, { asked: { Customer: "debtorName" } }).columns;
  expect(asked.slice(4).map((one) => [one.field, one.by])).toEqual([
    ["debtorName", "asked"],
    [undefined, undefined],
  ]);
  const remembered = headerOf(
    { Customer: NAMES, Name: NAMES },
    { remembered: { Customer: "debtor" } },
  ).columns;
  expect(remembered.slice(4).map((one) => [one.field, one.by])).toEqual([
    ["debtor", "remembered"],
    ["debtorName", "name"],
  ]);
});

let bench: ImportBench;

beforeEach(async () => {
  bench = await openImportBench();
});

afterEach(() => bench.close());

test("the customer has his name and his number, and the next list of the source is read the same way", async () => {
  const header = "Invoice;Customer;Name;Mobile;Amount;Currency;Due date";
  const list = (rows: string): string => bench.write("list.csv", `${header}\n${rows}`);
  await bench.import(list("INV-1;1001;Eva Muster;+491701234567;12.50;EUR;2026-02-01\n"));
  const debtors = () => bench.db.sql("select external_id, name from debtor order by id").all();
  expect(debtors()).toEqual([{ external_id: "1001", name: "Eva Muster" }]);
  const { report } = await bench.rows(
    list("INV-2;BARKUNDE;Jan Beispiel;+491701234568;9.00;EUR;2026-02-01\n"),
  );
  expect(report.header.columns[1]).toMatchObject({ field: "debtor", by: "remembered" });
  expect(debtors()[1]).toEqual({ external_id: "BARKUNDE", name: "Jan Beispiel" });
});

/** The texts that cells share, the XML around them, and rows as they go from thread to thread. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { packRead, packTogether, unpackRead } from "#scheduler/import/packed.ts";
import type { ReadRow } from "#scheduler/import/record.ts";
import { FileRefused } from "#scheduler/import/refused.ts";
import { createSharedTexts } from "#scheduler/import/shared-texts.ts";
import { attributeOf, createXmlReader } from "#scheduler/import/xml.ts";
import { readList } from "./read-list.ts";
import { workbookParts, zipOf } from "./support.ts";

const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

test("every shared text is found by its number, and no other number finds one", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 3 }), { maxLength: 5_000 }), (texts) => {
      const shared = createSharedTexts();
      for (const text of texts) shared.add(text);
      expect(texts.map((_, i) => shared.at(i))).toEqual(texts);
      for (const none of [-1, texts.length, texts.length + 1_024, 0.5, Number.NaN, 2 ** 32])
        expect(shared.at(none), String(none)).toBeUndefined();
    }),
    {
      numRuns: 30,
      examples: [[Array.from({ length: 2_048 }, String)], [Array.from({ length: 2_049 }, String)]],
    },
  );
});

test("cells find their shared texts; rich text is put together, and how it is pronounced is left out", async () => {
  const sheet =
    '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>0</v></c>' +
    '<c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v></v></c><c r="E1" t="s"><v>x</v></c></row></sheetData></worksheet>';
  const texts =
    "<sst><si><t>Müller &amp; Söhne</t></si><si><r><t>In</t></r><r><t xml:space='preserve'>voice </t></r>" +
    "<rPh><t>no</t></rPh></si></sst>";
  const parts = workbookParts(sheet).map((part) =>
    part.name !== "xl/_rels/workbook.xml.rels"
      ? part
      : {
          ...part,
          data: String(part.data).replace(
            "</Relationships>",
            `<Relationship Id="s2" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
          ),
        },
  );
  const { rows } = await readList(zipOf([...parts, { name: "xl/sharedStrings.xml", data: texts }]));
  expect(rows).toEqual([{ row: 1, cells: ["Invoice ", "Müller & Söhne", undefined, undefined, undefined] }]);
});

test.each([
  [' r="A1" t="s"', "r", "A1"],
  [' r="A1" t="s"', "t", "s"],
  [" x:id='r1'", "id", "r1"],
  [' spans=" r=1 " r = "A&amp;1"', "r", "A&1"],
  [' or="1"', "r", undefined],
  [' a="r=" b=\'"\' r="2"', "r", "2"],
  ["", "r", undefined],
])("of the attributes%s, %s is %s", (attributes, name, value) => {
  expect(attributeOf(attributes, name)).toBe(value);
});

test.each([" r=A1", ' r="A1', " r="])("the attributes%s are no XML", (attributes) => {
  expect(() => attributeOf(attributes, "r")).toThrow(FileRefused);
});

/** What a reader tells, with neighbouring texts joined: they may come in any pieces. */
function told(xml: string, cuts: readonly number[]): string {
  let said = "";
  const reader = createXmlReader({
    open: (name, attributes) => {
      said += `\n<${name}${attributes}>`;
    },
    close: (name) => {
      said += `\n</${name}>\n`;
    },
    text: (piece) => {
      said += piece;
    },
  });
  const places = [0, ...cuts.map((cut) => cut % xml.length).sort((a, b) => a - b), xml.length];
  try {
    for (const [i, from] of places.entries()) reader.write(xml.slice(from, places[i + 1] ?? from));
    reader.end();
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return "refused";
  }
  return said;
}

const node = fc.constantFrom(
  ...[
    "<c r='A1'>",
    "</c>",
    "<v/>",
    "<x:v a='>' b=\"'\"/>",
    "a &amp; b",
    "&#228;",
    "<!-- > -->",
    "<![CDATA[<]]>",
  ],
  ...["<row\n r='1' >", "</row >", "</x:c>", "<?x ?>", "<!DOCTYPE x>", "<", ">", "'"],
);

test("however the pieces are cut, XML tells the same", () => {
  fc.assert(
    fc.property(
      fc.array(node, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (nodes, cuts) => {
        const xml = `<a>${nodes.join("")}</a>`;
        expect(told(xml, cuts)).toBe(told(xml, []));
      },
    ),
    { numRuns: 2_000 },
  );
});

const warnings = fc.array(fc.record({ field: fc.constant("phone" as const), detail: fc.string() }), {
  maxLength: 2,
});
const debtor = fc.record(
  { externalId: fc.string(), name: fc.string(), language: fc.constant("de") },
  { requiredKeys: ["externalId"] },
);
const amount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
const row = fc.oneof(
  fc.record(
    {
      kind: fc.constant("receivable" as const),
      row: fc.nat(),
      debtor,
      receivable: fc.record(
        {
          externalId: fc.string(),
          debtor: fc.string(),
          currency: fc.constant("EUR"),
          dueDate: fc.constant("2026-01-31"),
          principal: amount,
          version: fc.nat(),
        },
        { requiredKeys: ["externalId", "debtor", "currency", "dueDate", "principal"] },
      ),
      open: amount,
      warnings,
    },
    { requiredKeys: ["kind", "row", "debtor", "receivable", "warnings"] },
  ),
  fc.record({
    kind: fc.constant("entry" as const),
    row: fc.nat(),
    entry: fc.record({
      kind: fc.constant("payment" as const),
      externalId: fc.string(),
      amount,
      currency: fc.constant("EUR"),
      date: fc.constant("2026-01-31"),
    }),
    anonymous: fc.boolean(),
    warnings,
  }),
  fc.record({ kind: fc.constant("ignored" as const), row: fc.nat(), why: fc.string() }),
) as fc.Arbitrary<ReadRow>;

test("rows come out of their packing as they went in, and rows that say the same have the same digests", () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
      const out = unpackRead(packTogether(rows.map(packRead)));
      expect(out.map(({ read }) => read)).toEqual(rows);
      const again = unpackRead(packTogether(rows.map((one) => packRead({ ...one, row: one.row + 1 }))));
      const digests = (all: typeof out) =>
        all.map(({ debtorDigest, itemDigest }) => [debtorDigest, itemDigest]);
      expect(digests(again)).toEqual(digests(out));
    }),
    { numRuns: 500 },
  );
});

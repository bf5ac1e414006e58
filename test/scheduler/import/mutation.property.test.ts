/** Files bent at random: whatever they are, they are rows or a refusal, and never an error of ours. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RawRow } from "#scheduler/import/cell.ts";
import { CELL_CHARS_MAX, COLUMNS_MAX } from "#scheduler/import/limits.ts";
import { FileRefused } from "#scheduler/import/refused.ts";
import { openSource } from "#scheduler/import/source.ts";
import { createXmlReader } from "#scheduler/import/xml.ts";
import { GOOD_ROWS, invoices, sheetXml, workbookParts, zipOf } from "./support.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dunlin-mutation-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(bytes: Uint8Array): Promise<RawRow[] | FileRefused> {
  const path = join(folder, "bent");
  writeFileSync(path, bytes);
  const rows: RawRow[] = [];
  try {
    const source = await openSource(path, { country: "DE" });
    try {
      for await (const batch of source.rows()) rows.push(...batch);
    } finally {
      await source.close();
    }
    return rows;
  } catch (error) {
    if (error instanceof FileRefused) return error;
    throw error;
  }
}

type Bend = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 0.999, noNaN: true });
const at = (bytes: Buffer, share: number): number => Math.floor(bytes.length * share);
const bend: fc.Arbitrary<Bend> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(
    ([share, octet]): Bend =>
      (bytes) => {
        const bent = Buffer.from(bytes);
        bent[at(bytes, share)] = octet;
        return bent;
      },
  ),
  place.map(
    (share): Bend =>
      (bytes) =>
        bytes.subarray(0, at(bytes, share)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 12 })).map(
    ([share, more]): Bend =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, share)), more, bytes.subarray(at(bytes, share))]),
  ),
  fc.tuple(place, place).map(
    ([from, to]): Bend =>
      (bytes) => {
        const [low, high] = [at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to))];
        return Buffer.concat([bytes.subarray(0, low), bytes.subarray(high)]);
      },
  ),
  // Length and offset fields at their ends.
  fc.tuple(place, fc.constantFrom(0, 0x7fffffff, 0x80000000, 0xffffffff)).map(
    ([share, value]): Bend =>
      (bytes) => {
        const bent = Buffer.from(bytes);
        if (bytes.length >= 4) bent.writeUInt32LE(value, Math.min(at(bytes, share), bytes.length - 4));
        return bent;
      },
  ),
);

const workbook = zipOf(workbookParts(sheetXml(GOOD_ROWS)));
const stored = zipOf(
  workbookParts(sheetXml(GOOD_ROWS)).map((part) => ({ ...part, method: 0, packed: Buffer.from(part.data) })),
);
const text = Buffer.from(invoices(40).replaceAll("Customer", "Kundin Müßig"));

test.each([
  ["a workbook", workbook],
  ["a workbook that is not packed", stored],
  ["a text file", text],
])("%s", async (_name, original) => {
  await fc.assert(
    fc.asyncProperty(fc.array(bend, { minLength: 1, maxLength: 4 }), async (bends) => {
      const result = await read(bends.reduce<Buffer>((bytes, one) => one(bytes), Buffer.from(original)));
      if (result instanceof FileRefused) {
        expect(result.message.length).toBeLessThan(400);
        return;
      }
      let last = 0;
      for (const row of result) {
        expect(row.row).toBeGreaterThan(last);
        last = row.row;
        expect(row.cells.length).toBeLessThanOrEqual(COLUMNS_MAX);
        for (const cell of row.cells)
          if (typeof cell === "string") expect(cell.length).toBeLessThanOrEqual(CELL_CHARS_MAX + 1);
      }
    }),
    { numRuns: 200 },
  );
});

test("XML in pieces of any size is the same XML", () => {
  const xml = `<?xml version="1.0"?><a x="1>2" y='"'><!-- <b> --><b>1 &lt; 2 &#x41;&#66;</b><![CDATA[<c>&]]><d/></a>`;
  const hear = (pieces: readonly string[]): string => {
    let heard = "";
    const reader = createXmlReader({
      open: (name, attributes) => {
        heard += `(${name}${attributes}`;
      },
      close: (name) => {
        heard += `${name})`;
      },
      text: (piece) => {
        heard += piece;
      },
    });
    for (const piece of pieces) reader.write(piece);
    reader.end();
    return heard;
  };
  const whole = hear([xml]);
  expect(whole).toBe(`(a x="1>2" y='"'(b1 < 2 ABb)<c>&(dd)a)`);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
      const pieces: string[] = [];
      for (let from = 0, i = 0; from < xml.length; i++) {
        const size = sizes[i % sizes.length] ?? 1;
        pieces.push(xml.slice(from, from + size));
        from += size;
      }
      expect(hear(pieces)).toBe(whole);
    }),
  );
});

/** Files made by the tests themselves, and a ledger to import them into. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { unpackRead } from "#scheduler/import/packed.ts";
import { type FileReader, loadBatches, previewOf } from "#scheduler/import/read-file.ts";
import { FileRefused } from "#scheduler/import/refused.ts";
import type { ImportReport, RowReport } from "#scheduler/import/report.ts";
import { type ImportOptions, runImport } from "#scheduler/import/run.ts";
import { openSource } from "#scheduler/import/source.ts";
import { createIds } from "#shared/ids.ts";
import { createZones } from "#shared/local-date.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { type Bench, openBench, START } from "#test/scheduler/ledger/support.ts";

export interface ImportBench extends Bench {
  readonly folder: string;
  readonly clock: SimulatedClock;
  write(name: string, content: string | Uint8Array): string;
  import(path: string, over?: Partial<ImportOptions>): Promise<ImportReport>;
  /** The reports of all rows. */
  rows(path: string, over?: Partial<ImportOptions>): Promise<{ report: ImportReport; rows: RowReport[] }>;
  close(): void;
}

/** The same reading without a thread: for tests that are not about the guard. */
export const directReader: FileReader = {
  async open(path, options, signal) {
    const source = await openSource(path, options);
    try {
      const preview = await previewOf(source);
      return {
        preview,
        async *rows(settings) {
          const batches = await loadBatches();
          for await (const batch of batches(source, settings)) {
            if (signal?.aborted) return;
            yield { rows: unpackRead(batch.packed), done: batch.done };
          }
        },
        close: source.close,
      };
    } catch (error) {
      await source.close();
      throw error;
    }
  },
};

export async function openImportBench(reader: FileReader = directReader): Promise<ImportBench> {
  const bench = await openBench();
  const folder = mkdtempSync(join(tmpdir(), "dunlin-import-"));
  const clock = new SimulatedClock(START + 86_400_000);
  const ids = createIds(clock, seededRandom(5));
  const deps = { db: bench.db, ledger: bench.ledger, clock, zones: createZones(), ids, reader };
  const options = (path: string, over: Partial<ImportOptions>): ImportOptions => ({
    path,
    creditor: bench.creditor,
    source: "list",
    actor: "cli:test",
    mode: "apply",
    asOf: clock.now(),
    ...over,
  });
  return {
    ...bench,
    folder,
    clock,
    write(name, content) {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    import: (path, over = {}) => runImport(deps, options(path, over)),
    async rows(path, over = {}) {
      const rows: RowReport[] = [];
      const report = await runImport(deps, options(path, { ...over, onRow: (row) => rows.push(row) }));
      return { report, rows };
    },
    close() {
      bench.db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const HEADER = "Invoice number;Customer number;Customer name;Mobile;Amount;Currency;Due date";

export function invoices(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, i) =>
      `INV-${i + 1};C-${i + 1};Customer ${i + 1};+49170${1_000_000 + i};${i + 1}.50;EUR;2026-02-${String((i % 28) + 1).padStart(2, "0")}`,
  );
  return [HEADER, ...rows, ""].join("\n");
}

/** What a file is refused with, or the report when it is not. */
export async function refusalOf(work: Promise<ImportReport>): Promise<FileRefused | ImportReport> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof FileRefused) return error;
    throw error;
  }
}

export interface Part {
  readonly name: string;
  readonly data: Uint8Array | string;
  /** What the directory says, when it lies. */
  readonly declares?: number;
  readonly packed?: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  /** Points at the bytes of this part instead of its own. */
  readonly sharesWith?: number;
}

/** A zip by hand (APPNOTE 4.3), so that it can lie. */
export function zipOf(parts: readonly Part[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  const offsets: number[] = [];
  let offset = 0;
  for (const part of parts) {
    const data = Buffer.from(part.data);
    const packed = Buffer.from(part.packed ?? deflateRawSync(data));
    const name = Buffer.from(part.name);
    const method = part.method ?? 8;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(part.flags ?? 0, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(crc32(data), 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(part.declares ?? data.length, 22);
    local.writeUInt16LE(name.length, 26);
    const at = part.sharesWith === undefined ? offset : (offsets[part.sharesWith] ?? 0);
    offsets.push(at);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(part.flags ?? 0, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc32(data), 16);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(part.declares ?? data.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    directory.push(central, name);
    if (part.sharesWith !== undefined) continue;
    locals.push(local, name, packed);
    offset += 30 + name.length + packed.length;
  }
  const size = directory.reduce((sum, piece) => sum + piece.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}

const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";

export function workbookParts(sheet: string | Uint8Array, over: Partial<Part> = {}): Part[] {
  return [
    {
      name: "_rels/.rels",
      data: `<Relationships xmlns="${PACKAGE}"><Relationship Id="r1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: "xl/workbook.xml",
      data: `<workbook xmlns:r="${RELATIONS}"><sheets><sheet name="List" sheetId="1" r:id="s1"/></sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      data: `<Relationships xmlns="${PACKAGE}"><Relationship Id="s1" Type="${RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    },
    { name: "xl/worksheets/sheet1.xml", data: sheet, ...over },
  ];
}

/** Rows of texts and numbers as a sheet with inline texts. `{ f }` is a formula. */
export function sheetXml(
  rows: readonly (readonly (string | number | { f: string } | undefined)[])[],
): string {
  const body = rows.map((cells, i) => {
    const inner = cells.map((cell, k) => {
      const at = `${String.fromCharCode(65 + k)}${i + 1}`;
      if (cell === undefined) return "";
      if (typeof cell === "number") return `<c r="${at}"><v>${cell}</v></c>`;
      if (typeof cell === "object") return `<c r="${at}"><f>${cell.f}</f><v>1</v></c>`;
      return `<c r="${at}" t="inlineStr"><is><t>${cell.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</t></is></c>`;
    });
    return `<row r="${i + 1}">${inner.join("")}</row>`;
  });
  return `<worksheet><sheetData>${body.join("")}</sheetData></worksheet>`;
}

export const GOOD_ROWS = [
  ["Invoice number", "Customer number", "Customer name", "Mobile", "Amount", "Currency", "Due date"],
  ["INV-1", "C-1", "Eva", "+491701234567", 12.5, "EUR", "2026-02-01"],
  ["INV-2", "C-2", "Jan", "+491701234568", 13.5, "EUR", "2026-02-02"],
] as const;

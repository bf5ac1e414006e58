/**
 * Imports of 100,000 and 1,000,000 rows, and what the ledger then answers: cases due, facts for decisions.
 * Every row is a customer of its own with a number of its own, which is the most work a row can be. Each size
 * runs in a process of its own, so that its memory is its own.
 */
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import type ExcelJS from "exceljs";
import { createGuardedReader } from "#scheduler/import/guarded-reader.ts";
import { createHeapWarden } from "#scheduler/import/lean-heap.ts";
import { runImport } from "#scheduler/import/run.ts";
import { caseIdsAfter, dueCases } from "#scheduler/ledger/due.ts";
import { createLedger } from "#scheduler/ledger/ledger.ts";
import { readFacts } from "#scheduler/ledger/read-facts.ts";
import { createZoneCandidates } from "#scheduler/ledger/zones.ts";
import { systemClock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { createZones } from "#shared/local-date.ts";
import { type Random, seededRandom, systemRandom } from "#shared/random.ts";
import { Database } from "#shared/sqlite.ts";
import { argumentsOf, inProcess, peakMiB } from "./scheduler-process.ts";

export interface ImportFigures {
  readonly rows: number;
  readonly kind: "csv" | "xlsx";
  readonly dryRunSeconds: number;
  readonly importSeconds: number;
  /** The same file once more: nothing changes. */
  readonly againSeconds: number;
  /** Processor time of the import, all threads together: what a busy machine does not change much. */
  readonly importCpuSeconds: number;
  /** Most memory of the process that imports, its reading thread included, as the system counts it. */
  readonly peakMiB: number;
  readonly databaseMiB: number;
  /** Longest time for which the importing process did not answer. */
  readonly longestPauseMs: number;
  readonly claim500Ms: number;
  readonly idleTickMs: number;
  readonly factsPerSecond: number;
}

const HEADER = [
  "Invoice number",
  "Customer number",
  "Customer name",
  "Mobile",
  "Country",
  "Language",
  "Amount",
  "Currency",
  "Invoice date",
  "Due date",
  "Description",
];
const LINES_AT_ONCE = 5_000;
const CLAIM = 500;
const FACTS_CASES_MAX = 20_000;

export async function measureImport(rows: number, kind: "csv" | "xlsx" = "csv"): Promise<ImportFigures> {
  const folder = mkdtempSync(join(tmpdir(), "dunlin-bench-"));
  try {
    const path = join(folder, `list.${kind}`);
    await (kind === "csv" ? writeCsv(path, rows) : writeWorkbook(path, rows));
    const dry = await inProcess<Imported>(import.meta.url, [folder, path, "dry-run"]);
    const first = await inProcess<Imported>(import.meta.url, [folder, path, "apply"]);
    const again = await inProcess<Imported>(import.meta.url, [folder, path, "apply"]);
    const reads = await inProcess<Reads>(import.meta.url, [folder, path, "read"]);
    return {
      ...{ rows, kind, ...reads },
      dryRunSeconds: dry.seconds,
      importSeconds: first.seconds,
      importCpuSeconds: first.cpuSeconds,
      againSeconds: again.seconds,
      peakMiB: Math.max(dry.peakMiB, first.peakMiB, again.peakMiB),
      longestPauseMs: Math.max(dry.longestPauseMs, first.longestPauseMs, again.longestPauseMs),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function benchSchedulerImport(args: readonly string[]): Promise<void> {
  const sizes = args.length > 0 ? args.map(Number) : [10_000, 100_000, 1_000_000];
  const figures: ImportFigures[] = [];
  for (const rows of sizes) figures.push(await measureImport(rows));
  if (args.length === 0) figures.push(await measureImport(100_000, "xlsx"));
  for (const one of figures) process.stdout.write(`${describe(one)}\n`);
}

function describe(figures: ImportFigures): string {
  const { rows, kind, dryRunSeconds, importSeconds, againSeconds, peakMiB, databaseMiB } = figures;
  const { importCpuSeconds, longestPauseMs, claim500Ms, idleTickMs, factsPerSecond } = figures;
  const count = rows.toLocaleString("en");
  return (
    `${count} rows (${kind}): dry run ${dryRunSeconds.toFixed(1)} s, import ${importSeconds.toFixed(1)} s ` +
    `(processor ${importCpuSeconds.toFixed(1)} s), ` +
    `again ${againSeconds.toFixed(1)} s, peak ${peakMiB} MiB, database ${databaseMiB} MiB, ` +
    `longest pause ${longestPauseMs} ms\n  with ${count} open: claim of ${CLAIM} ${claim500Ms.toFixed(2)} ms, ` +
    `idle tick ${idleTickMs.toFixed(3)} ms, facts ${factsPerSecond.toLocaleString("en")} cases/s`
  );
}

function cellsOf(i: number, random: Random): readonly string[] {
  const day = `2026-${String(1 + (i % 12)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}`;
  return [
    `INV-${1_000_000 + i}`,
    `C-${i}`,
    `Müller & Söhne ${i}`,
    `+4917${random.int(10_000_000, 99_999_999)}`,
    "DE",
    "de",
    `${random.int(5, 5_000)}.${String(i % 100).padStart(2, "0")}`,
    "EUR",
    day,
    day,
    `Lieferung ${i}`,
  ];
}

async function writeCsv(path: string, rows: number): Promise<void> {
  const random = seededRandom(1);
  const out = createWriteStream(path);
  let text = `${HEADER.join(";")}\n`;
  for (let i = 0; i < rows; i++) {
    text += `${cellsOf(i, random).join(";")}\n`;
    if (i % LINES_AT_ONCE !== 0) continue;
    if (!out.write(text)) await once(out, "drain");
    text = "";
  }
  out.end(text);
  await finished(out);
}

async function writeWorkbook(path: string, rows: number): Promise<void> {
  const random = seededRandom(1);
  const excel = createRequire(import.meta.url)("exceljs") as typeof ExcelJS;
  const book = new excel.stream.xlsx.WorkbookWriter({ filename: path, useSharedStrings: true });
  const sheet = book.addWorksheet("Invoices");
  sheet.addRow(HEADER).commit();
  for (let i = 0; i < rows; i++) {
    const cells = cellsOf(i, random);
    sheet.addRow(cells.map((cell, k) => (k === 6 ? Number(cell) : cell))).commit();
  }
  await book.commit();
}

type Mode = "dry-run" | "apply" | "read";

interface Imported {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly longestPauseMs: number;
}

type Reads = Pick<ImportFigures, "claim500Ms" | "idleTickMs" | "factsPerSecond" | "databaseMiB">;

/** In a process of its own: imports `path` into the database in `folder`, or reads from it. */
async function measureHere(folder: string, path: string, mode: Mode): Promise<Imported | Reads> {
  const file = join(folder, "scheduler.db");
  const db = new Database({ path: file, migrations: "scheduler/migrations" });
  try {
    if (mode === "read")
      return { ...measureReads(db), databaseMiB: Math.round(statSync(file).size / 1_048_576) };
    return await importHere(db, path, mode);
  } finally {
    db.close();
  }
}

async function importHere(db: Database, path: string, mode: "dry-run" | "apply"): Promise<Imported> {
  const ids = createIds(systemClock, systemRandom);
  const ledger = createLedger({ db, random: systemRandom, ids });
  const asOf = Math.floor(statSync(path).mtimeMs);
  const creditor = await ledger.putCreditor(
    { externalId: "acme", name: "Acme", timeZone: "Europe/Berlin", jurisdiction: "DE", language: "de" },
    { actor: "cli:bench", at: asOf, source: "bench", asOf },
  );
  if (creditor.kind === "refused") throw new Error(creditor.refusal.detail);
  // As `dunlin import` does.
  const onProgress = createHeapWarden();
  const watch = watchProcess();
  const before = systemClock.monotonic();
  const report = await runImport(
    {
      ...{ db, ledger, ids, clock: systemClock, zones: createZones() },
      reader: createGuardedReader(systemClock),
    },
    { path, creditor: creditor.row, source: "bench", actor: "cli:bench", asOf, mode, onProgress },
  );
  const seconds = (systemClock.monotonic() - before) / 1_000;
  if (report.counts.refused > 0) throw new Error(JSON.stringify(report.problems[0]));
  return { seconds, ...watch.stop() };
}

const WATCH_MS = 20;

function watchProcess(): { stop(): Omit<Imported, "seconds"> } {
  const started = process.cpuUsage();
  let pause = 0;
  let last = systemClock.monotonic();
  const stopping = new AbortController();
  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await systemClock.sleep(WATCH_MS, stopping.signal);
      const at = systemClock.monotonic();
      pause = Math.max(pause, at - last - WATCH_MS);
      last = at;
    }
  };
  void watch();
  return {
    stop() {
      stopping.abort();
      const { user, system } = process.cpuUsage(started);
      return {
        cpuSeconds: (user + system) / 1_000_000,
        peakMiB: peakMiB(),
        longestPauseMs: Math.round(pause),
      };
    },
  };
}

function measureReads(db: Database): Omit<Reads, "databaseMiB"> {
  const later = systemClock.now() + 86_400_000;
  const time = (work: () => void, times: number): number => {
    work();
    const before = systemClock.monotonic();
    for (let i = 0; i < times; i++) work();
    return (systemClock.monotonic() - before) / times;
  };
  const claim500Ms = time(() => dueCases(db, later, CLAIM), 20);
  const idleTickMs = time(() => dueCases(db, 0, CLAIM), 200);
  const zones = createZoneCandidates();
  const cases = caseIdsAfter(db, 0, FACTS_CASES_MAX);
  const factsMs = time(() => {
    for (let at = 0; at < cases.length; at += CLAIM) readFacts(db, zones, cases.slice(at, at + CLAIM), later);
  }, 2);
  return { claim500Ms, idleTickMs, factsPerSecond: Math.round(cases.length / (factsMs / 1_000)) };
}

const [folder, path, mode] = argumentsOf(import.meta.url) ?? [];
if (folder !== undefined && path !== undefined)
  process.stdout.write(JSON.stringify(await measureHere(folder, path, mode as Mode)));

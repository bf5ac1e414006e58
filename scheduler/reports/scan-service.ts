/**
 * The full scan for the HTTP side: minutes of work over a million cases, so it is begun, watched, ended and
 * asked for its result. One at a time; what the last whole one found stays on file, the nightly ones too.
 */
import { countCases, type ScanReport, type ScanWatch } from "#scheduler/run/scan.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import { beginWork, type Work } from "./work.ts";

export type WholeScan = Omit<ScanReport, "whole">;

export type ScanAnswer =
  | { readonly kind: "ready"; readonly report: WholeScan }
  | { readonly kind: "working"; readonly done: number; readonly total: number }
  /** It was ended while the caller waited for it. */
  | { readonly kind: "ended" }
  /** There never was a whole one. */
  | { readonly kind: "none" };

export interface ScanService {
  /** Begins one, unless one is under way. @throws what it failed of, while the caller waits */
  begin(): Promise<ScanAnswer>;
  /** How far it is; what the last whole one found. @throws what the last one failed of */
  look(): Promise<ScanAnswer>;
  /** Ends what is under way, and returns once it has ended. False when nothing was. */
  stop(): Promise<boolean>;
}

export interface ScanServiceDeps {
  readonly db: Database;
  readonly wireClock: Clock;
  readonly log: Logger;
  readonly scan: (watch: ScanWatch) => Promise<ScanReport>;
}

export function createScanService(deps: ScanServiceDeps): ScanService {
  const { db } = deps;
  let current: Work<WholeScan> | undefined;
  let failure: Error | undefined;

  function start(): Work<WholeScan> {
    failure = undefined;
    const work = beginWork(async (watch) => wholeOnly(await deps.scan(watch)), countCases(db));
    const done = (): void => {
      if (current === work) current = undefined;
    };
    work.result.then(done, (error: Error) => {
      done();
      failure = error;
      deps.log.error({ err: error }, "the full scan failed");
    });
    return work;
  }

  async function look(): Promise<ScanAnswer> {
    const work = current;
    if (work !== undefined) {
      await work.waitABit(deps.wireClock);
      if (work === current) return { kind: "working", ...work.progress() };
      const report = await work.result;
      return report === undefined ? { kind: "ended" } : { kind: "ready", report };
    }
    if (failure !== undefined) throw failure;
    const report = readLastScan(db);
    return report === undefined ? { kind: "none" } : { kind: "ready", report };
  }

  return {
    begin() {
      current ??= start();
      return look();
    },
    look,
    async stop() {
      const work = current;
      work?.stop();
      await work?.result.catch(() => undefined);
      return work !== undefined;
    },
  };
}

function wholeOnly({ whole, ...report }: ScanReport): WholeScan | undefined {
  return whole ? report : undefined;
}

/** What the last whole scan found. */
function readLastScan(db: Database): WholeScan | undefined {
  const row = db
    .sql(
      `select started_at as startedAt, ended_at as endedAt, cases, differences, samples from scan
       order by id desc limit 1`,
    )
    .get() as (Omit<WholeScan, "samples"> & { readonly samples: string }) | undefined;
  return row && { ...row, samples: JSON.parse(row.samples) as WholeScan["samples"] };
}

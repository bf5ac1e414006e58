/** The scheduler's HTTP side: its routes, put on the server that both services share. */
import { Gauge } from "prom-client";
import { countDue } from "#scheduler/ledger/due.ts";
import { serveKeys } from "#shared/http/key-routes.ts";
import { createHttpServer, type HttpServer, type ReadyCheck } from "#shared/http-server.ts";
import { DatabaseUnavailable } from "#shared/sqlite.ts";
import { schedulerApi } from "./api.ts";
import { serveCases } from "./cases.ts";
import type { HttpDeps } from "./deps.ts";
import { serveEvidence } from "./evidence.ts";
import { serveForecast } from "./forecast.ts";
import { serveHolidays } from "./holidays.ts";
import { serveHook } from "./hook.ts";
import { LEDGER_PROBLEMS, serveLedger } from "./ledger.ts";
import { serveOperations } from "./operations.ts";
import { serveReports } from "./reports.ts";
import { servePolicies } from "./rules/policies.ts";
import { RULES_PROBLEMS } from "./rules/refusals.ts";
import { serveTemplates } from "./rules/templates.ts";
import { serveScan } from "./scan.ts";
import { NewKey } from "./schemas.ts";
import { serveTasks } from "./tasks.ts";

export interface SchedulerServerOptions {
  readonly version: string;
  readonly trustProxy: readonly string[];
  readonly requestsPerMinute: number;
  readonly checkAnswers?: boolean;
}

/** A tick that ended longer ago than this means that nothing is being decided. */
const TICK_LATE_MS = 10 * 60_000;
const DUE_COUNTED_MAX = 1_000_000;

export async function createSchedulerServer(
  deps: HttpDeps,
  options: SchedulerServerOptions,
): Promise<HttpServer> {
  const { version, ...rest } = options;
  const app = await createHttpServer({
    api: schedulerApi(version),
    log: deps.log,
    ids: deps.ids,
    keys: deps.keys,
    problems: { ...LEDGER_PROBLEMS, ...RULES_PROBLEMS },
    health: { ready: () => readiness(deps), metrics: deps.metrics },
    ...rest,
  });
  serveHook(app, deps);
  serveLedger(app, deps);
  serveCases(app, deps);
  serveEvidence(app, deps);
  serveForecast(app, deps, deps.forecasts);
  serveTasks(app, deps);
  servePolicies(app, deps);
  serveTemplates(app, deps);
  serveHolidays(app, deps);
  serveReports(app, deps);
  serveOperations(app, deps);
  serveScan(app, deps);
  serveKeys(app, { ...deps, newKey: NewKey });
  measure(deps);
  return app;
}

/** Ready is: facts can be stored, the clock is believed, and the loop turns. */
async function readiness(deps: HttpDeps): Promise<readonly ReadyCheck[]> {
  const verdict = deps.engine.guard.verdict();
  const tickAt = deps.engine.loop.lastTickAt();
  const late = tickAt !== undefined && deps.clock.now() - tickAt > TICK_LATE_MS;
  return [
    await databaseCheck(deps),
    {
      name: "clock",
      ok: verdict.kind === "good",
      detail:
        verdict.kind === "good"
          ? "It is believed."
          : "It jumped; nothing is planned until it is right or accepted.",
    },
    {
      name: "loop",
      ok: !late,
      detail: late ? "No tick has ended for ten minutes; see the log." : "It turns.",
    },
  ];
}

async function databaseCheck(deps: HttpDeps): Promise<ReadyCheck> {
  try {
    await deps.db.write(() => undefined);
    return { name: "database", ok: true, detail: "It takes writes." };
  } catch (error) {
    const detail = error instanceof DatabaseUnavailable ? error.message : "It does not answer.";
    return { name: "database", ok: false, detail };
  }
}

function measure(deps: HttpDeps): void {
  const registers = [deps.metrics];
  const { db, engine } = deps;
  new Gauge({
    name: "dunlin_scheduler_due_cases",
    help: "Cases that are due to be decided.",
    registers,
    collect() {
      this.set(countDue(db, deps.clock.now(), DUE_COUNTED_MAX));
    },
  });
  new Gauge({
    name: "dunlin_scheduler_under_way_segments",
    help: "Segments reserved or waiting at the gateway.",
    registers,
    collect() {
      this.set(engine.occurrences.countUnsettled().segments);
    },
  });
  new Gauge({
    name: "dunlin_scheduler_open_tasks",
    help: "Tasks that wait for a person, by kind.",
    labelNames: ["kind"],
    registers,
    collect() {
      this.reset();
      for (const { kind, count } of engine.tasks.countOpen()) this.set({ kind }, count);
    },
  });
  new Gauge({
    name: "dunlin_scheduler_scan_differences",
    help: "Differences that the last full scan found; must be 0.",
    registers,
    collect() {
      const found = db.sql("select differences from scan order by id desc limit 1").pluck().get();
      this.set(typeof found === "number" ? found : 0);
    },
  });
}

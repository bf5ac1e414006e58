/** The scheduler's process: where its parts meet. */
import "#shared/node-guard.ts";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "prom-client";
import { type ApiKey, createApiKeys } from "#shared/api-keys.ts";
import { type Clock, systemClock } from "#shared/clock.ts";
import { closeHttpServer, type HttpServer } from "#shared/http-server.ts";
import { createIds } from "#shared/ids.ts";
import { createZones } from "#shared/local-date.ts";
import { createLogger, type Logger } from "#shared/logger.ts";
import { type Random, systemRandom } from "#shared/random.ts";
import { Database, holdExclusively } from "#shared/sqlite.ts";
import { priceMicro, type SchedulerSettings } from "./config.ts";
import { judgeRules, type LiveRules, openRules } from "./decide/live-rules.ts";
import { HOOK_PATH } from "./http/hook.ts";
import { createSchedulerServer } from "./http/server.ts";
import { cutOffImports } from "./import/cut-off.ts";
import { createLedger, type Ledger } from "./ledger/ledger.ts";
import { createMind } from "./mind.ts";
import { MIGRATIONS, versionOf } from "./places.ts";
import { createPolicyEditor } from "./policy/edit/policies.ts";
import { createTemplateEditor } from "./policy/edit/texts.ts";
import { type RulesFolder, readRulesFolder } from "./policy/folder.ts";
import { createForecastService, type ForecastServiceDeps } from "./reports/forecast-service.ts";
import { createScanService } from "./reports/scan-service.ts";
import { type RulesWatch, watchRules } from "./rules-watch.ts";
import { type Brain, type Checkpoint, noCheckpoint } from "./run/brain.ts";
import { createEngine, type Engine, type EngineSettings } from "./run/engine.ts";
import { createGatewayClient } from "./run/gateway-client.ts";
import { type GatewayTime, sameTime } from "./run/gateway-time.ts";
import type { Job } from "./run/loop.ts";
import { registerWebhook } from "./run/registration.ts";

export interface SchedulerDeps {
  /** What the scheduler lives by. */
  readonly clock?: Clock;
  /** The clock of the world and of the wire; the same unless time runs fast here. */
  readonly wireClock?: Clock;
  readonly gatewayTime?: GatewayTime;
  readonly random?: Random;
  readonly log?: Logger;
  readonly checkpoint?: Checkpoint;
}

export interface RunningScheduler {
  /** `http://127.0.0.1:8026` */
  readonly address: string;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly brain: Brain;
  readonly db: Database;
  createKey(
    name: string,
    scopes: readonly string[],
  ): Promise<{ readonly text: string; readonly key: ApiKey }>;
  /** Lets what is under way end, then closes everything. */
  stop(): Promise<void>;
}

/** @throws DatabaseUnavailable when another process has the database. */
export async function startScheduler(
  settings: SchedulerSettings,
  deps: SchedulerDeps = {},
): Promise<RunningScheduler> {
  const clock = deps.clock ?? systemClock;
  const wireClock = deps.wireClock ?? clock;
  const random = deps.random ?? systemRandom;
  const log = deps.log ?? createLogger({ level: settings.log.level, name: "scheduler" });
  // The database holds names, numbers and texts: nobody else on the machine may read it.
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 });
  const release = holdExclusively(join(settings.dataDir, "scheduler.lock"), "The scheduler's data folder");
  const db = new Database({ path: databasePath(settings), migrations: MIGRATIONS });
  const ids = createIds(clock, random);
  const zones = createZones();
  const rules = await openRules({ db, zones, clock, ...folderOf(settings) });
  for (const { fields, message } of await findTroubles(db, rules, clock)) log.warn(fields, message);
  const brain = createMind({ db, rulebook: rules.current });
  const { url, key = "" } = settings.gateway;
  const gateway = createGatewayClient({ url, key, clock: wireClock });
  const watch = watchRules(db, rules, clock);
  let webhook = (): Promise<unknown> => Promise.resolve();
  const engine = createEngine({
    ...{ db, clock, log, ids, random, zones, brain, gateway },
    time: deps.gatewayTime ?? sameTime,
    checkpoint: deps.checkpoint ?? noCheckpoint,
    settings: engineSettings(settings),
    jobs: [...rulesJobs(rules, watch), { name: "webhook", everyMs: WEBHOOK_CHECK_MS, run: () => webhook() }],
  });
  const ledger = createLedger({ db, random, ids });
  ledger.onChange(engine.loop.wake);
  const keys = createApiKeys({ db, clock, random, ids });
  const { stopWork, ...work } = longWork({ db, zones, brain, clock, wireClock, log }, engine, settings);
  const { trustProxy, requestsPerMinute } = settings.http;
  const app = await createSchedulerServer(
    {
      ...{ db, clock, wireClock, zones, ids, log, keys, engine, brain, ledger, rules },
      ...work,
      ...editorsOf(db, rules, watch, engine),
      metrics: new Registry(),
      costCurrency: settings.cost.currency,
    },
    { version: versionOf(), trustProxy, requestsPerMinute },
  );
  const end = async (): Promise<void> => {
    await stopWork();
    await closeHttpServer(app, wireClock);
    // What was begun until the door was shut.
    await stopWork();
    await engine.loop.stop();
    db.close();
    release();
  };
  const address = await listen(app, settings.http, end);
  const hook = new URL(HOOK_PATH, settings.gateway.webhookUrl ?? address).href;
  webhook = seldom(wireClock, () => registerWebhook({ db, log, gateway, marks: engine.marks }, hook));
  engine.loop.start();
  log.info({ address }, "the scheduler is running");
  const createKey: RunningScheduler["createKey"] = (name, scopes) => keys.create({ name, scopes });
  const stop = async (): Promise<void> => {
    await end();
    log.info({}, "the scheduler has stopped");
  };
  return { address, engine, ledger, brain, db, createKey, stop };
}

/** What a person should know before anything is sent. */
async function findTroubles(db: Database, rules: LiveRules, clock: Clock) {
  const policies = await judgeRules(rules);
  return [
    ...policies.map((problem) => ({ fields: { problem }, message: "a policy that holds is not in order" })),
    ...cutOffImports(db, clock.now()).map(({ source, fileName, rows, at }) => ({
      fields: { source, fileName, rows, at: new Date(at).toISOString() },
      message: "an import was cut off; what it had written stays, import the same file again for the rest",
    })),
  ];
}

/** What callers begin and come back for. */
function longWork(
  deps: Omit<ForecastServiceDeps, "segmentPriceMicro"> & { readonly log: Logger },
  { scan }: Engine,
  { cost }: SchedulerSettings,
) {
  const forecasts = createForecastService({ ...deps, segmentPriceMicro: priceMicro(cost.segment) });
  const scans = createScanService({ ...deps, scan });
  const stopWork = async (): Promise<void> => {
    forecasts.stop();
    await scans.stop();
  };
  return { forecasts, scans, stopWork };
}

/** The address is taken by another program, or may not be used. */
export class ListenError extends Error {
  override name = "ListenError";
}

async function listen(
  app: HttpServer,
  { host, port }: SchedulerSettings["http"],
  end: () => Promise<void>,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    await end();
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === "EADDRINUSE"
        ? "another program listens there already; set http.port to another one"
        : `it cannot be listened on (${code ?? String(error)}); check http.host and http.port`;
    throw new ListenError(`${host}:${port}: ${why}`, { cause: error });
  }
}

/** Holidays of the years to come are put on file once a day; edits of rules are noticed within a minute. */
function rulesJobs(rules: LiveRules, watch: RulesWatch): Job[] {
  return [
    { name: "rules", everyMs: 60_000, run: () => watch.check() },
    { name: "holidays", atUtcHour: 0, run: () => rules.refresh() },
  ];
}

export function folderOf(settings: Pick<SchedulerSettings, "policyDir">): { folder?: RulesFolder } {
  return settings.policyDir === undefined ? {} : { folder: readRulesFolder(settings.policyDir) };
}

/** A gateway that was down, or restored from a backup, does not know our webhook: it is looked for again. */
const WEBHOOK_CHECK_MS = 5 * 60_000;

function editorsOf(db: Database, rules: LiveRules, watch: RulesWatch, engine: Engine) {
  return {
    policies: createPolicyEditor({ db, ...rules }),
    texts: createTemplateEditor({ db, ...rules }),
    rulesEdited: async () => {
      await watch.check();
      engine.loop.wake();
    },
  };
}

/** Where time runs fast, the gateway is not asked more often than the world's time wants. */
function seldom(clock: Clock, check: () => Promise<boolean>): () => Promise<boolean> {
  let goodAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (clock.monotonic() - goodAt < WEBHOOK_CHECK_MS) return true;
    const good = await check();
    if (good) goodAt = clock.monotonic();
    return good;
  };
}

export function databasePath(settings: Pick<SchedulerSettings, "dataDir">): string {
  return join(settings.dataDir, "scheduler.db");
}

function engineSettings(settings: SchedulerSettings): EngineSettings {
  return {
    tenant: settings.tenant,
    segmentPriceMicro: priceMicro(settings.cost.segment),
    segmentsPerMinute: settings.gateway.segmentsPerMinute,
    handOverMs: settings.run.handOverMinutes * 60_000,
    submitWithinMs: settings.run.submitWithinMinutes * 60_000,
    optOutScope: settings.replies.optOutScope,
    permanentFailuresMax: settings.replies.permanentFailuresMax,
    catchUp: {
      downtimeDaysMax: settings.catchUp.downtimeDays,
      dueShareMax: settings.catchUp.dueShare,
    },
    decisionsKeptDays: settings.retention.decisionsDays,
    tickMs: settings.run.tickSeconds * 1_000,
    pollMs: settings.run.pollSeconds * 1_000,
    scanHour: settings.run.scanHour,
    ...(settings.homeCountry === undefined ? {} : { homeCountry: settings.homeCountry }),
  };
}

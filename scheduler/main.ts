/** The scheduler's process: where its parts meet. */
import "#shared/node-guard.ts";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "prom-client";
import { type ApiKey, createApiKeys } from "#shared/api-keys.ts";
import { type Clock, systemClock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import { createZones } from "#shared/local-date.ts";
import { createLogger, type Logger } from "#shared/logger.ts";
import { type Random, systemRandom } from "#shared/random.ts";
import { Database, holdExclusively } from "#shared/sqlite.ts";
import { priceMicro, type SchedulerSettings } from "./config.ts";
import { judgeRules, type LiveRules, openRules } from "./decide/live-rules.ts";
import { HOOK_PATH } from "./http/hook.ts";
import { createSchedulerServer } from "./http/server.ts";
import { createLedger, type Ledger } from "./ledger/ledger.ts";
import { createMind } from "./mind.ts";
import { MIGRATIONS, versionOf } from "./places.ts";
import { type RulesFolder, readRulesFolder } from "./policy/folder.ts";
import { createForecastService } from "./reports/forecast-service.ts";
import { watchRules } from "./rules-watch.ts";
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
  for (const problem of await judgeRules(rules)) log.warn({ problem }, "a policy that holds is not in order");
  const brain = createMind({ db, rulebook: rules.current });
  const gateway = createGatewayClient({
    url: settings.gateway.url,
    key: settings.gateway.key ?? "",
    clock: wireClock,
  });
  const engine = createEngine({
    db,
    clock,
    log,
    ids,
    zones,
    brain,
    gateway,
    time: deps.gatewayTime ?? sameTime,
    checkpoint: deps.checkpoint ?? noCheckpoint,
    settings: engineSettings(settings),
    jobs: rulesJobs(db, rules, clock),
  });
  const ledger = createLedger({ db, random, ids });
  ledger.onChange(engine.loop.wake);
  const keys = createApiKeys({ db, clock, random, ids });
  const forecasts = createForecastService({
    ...{ db, zones, brain, clock, wireClock },
    segmentPriceMicro: priceMicro(settings.cost.segment),
  });
  const shared = { db, clock, wireClock, zones, ids, log, keys, engine, brain, ledger, rules, forecasts };
  const app = await createSchedulerServer(
    { ...shared, metrics: new Registry(), costCurrency: settings.cost.currency },
    {
      version: versionOf(),
      trustProxy: settings.http.trustProxy,
      requestsPerMinute: settings.http.requestsPerMinute,
    },
  );
  const address = await app.listen({ host: settings.http.host, port: settings.http.port });
  engine.loop.start();
  const hook = new URL(HOOK_PATH, settings.gateway.webhookUrl ?? address).href;
  const registered = await registerWebhook({ db, log, gateway, marks: engine.marks }, hook);
  log.info({ address, webhook: registered }, "the scheduler is running");
  return {
    address,
    engine,
    ledger,
    brain,
    db,
    createKey: (name, scopes) => keys.create({ name, scopes }),
    async stop() {
      forecasts.stop();
      await app.close();
      await engine.loop.stop();
      db.close();
      release();
      log.info({}, "the scheduler has stopped");
    },
  };
}

/** Holidays of the years to come are put on file once a day; edits of rules are noticed within a minute. */
function rulesJobs(db: Database, rules: LiveRules, clock: Clock): Job[] {
  const watch = watchRules(db, rules, clock);
  return [
    { name: "rules", everyMs: 60_000, run: () => watch.check() },
    { name: "holidays", atUtcHour: 0, run: () => rules.refresh() },
  ];
}

export function folderOf(settings: Pick<SchedulerSettings, "policyDir">): { folder?: RulesFolder } {
  return settings.policyDir === undefined ? {} : { folder: readRulesFolder(settings.policyDir) };
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

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
import { HOOK_PATH } from "./http/hook.ts";
import { createSchedulerServer } from "./http/server.ts";
import { createLedger, type Ledger } from "./ledger/ledger.ts";
import { createMind } from "./mind.ts";
import { type Checkpoint, noCheckpoint } from "./run/brain.ts";
import { createEngine, type Engine, type EngineSettings } from "./run/engine.ts";
import { createGatewayClient } from "./run/gateway-client.ts";
import { type GatewayTime, sameTime } from "./run/gateway-time.ts";
import { registerWebhook } from "./run/registration.ts";
import { MIGRATIONS, versionOf } from "./places.ts";

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
  readonly db: Database;
  createKey(name: string, scopes: readonly string[]): Promise<{ readonly text: string; readonly key: ApiKey }>;
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
  mkdirSync(settings.dataDir, { recursive: true });
  const release = holdExclusively(join(settings.dataDir, "scheduler.lock"), "The scheduler's data folder");
  const db = new Database({ path: databasePath(settings), migrations: MIGRATIONS });
  const ids = createIds(clock, random);
  const zones = createZones();
  const brain = createMind({ db, zones, settings });
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
  });
  const ledger = createLedger({ db, random, ids });
  ledger.onChange(engine.loop.wake);
  const keys = createApiKeys({ db, clock, random, ids });
  const shared = { db, clock, wireClock, zones, ids, log, keys, engine, brain, ledger };
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
    db,
    createKey: (name, scopes) => keys.create({ name, scopes }),
    async stop() {
      await app.close();
      await engine.loop.stop();
      db.close();
      release();
      log.info({}, "the scheduler has stopped");
    },
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

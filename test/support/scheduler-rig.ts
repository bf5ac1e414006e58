/**
 * A scheduler without its HTTP side, on a database file, against the gateway's model: it can be killed at
 * any named place and started again on the same file.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLedger, type Ledger } from "#scheduler/ledger/ledger.ts";
import type { Brain, CheckpointName } from "#scheduler/run/brain.ts";
import { createEngine, type Engine, type EngineSettings } from "#scheduler/run/engine.ts";
import { createGatewayClient } from "#scheduler/run/gateway-client.ts";
import { sameTime } from "#scheduler/run/gateway-time.ts";
import type { Clock } from "#shared/clock.ts";
import { createIds } from "#shared/ids.ts";
import type { Zones } from "#shared/local-date.ts";
import { silentLogger } from "#shared/logger.ts";
import { type Random, seededRandom } from "#shared/random.ts";
import { Database } from "#shared/sqlite.ts";
import type { GatewayModel } from "./gateway-model.ts";

export const MIGRATIONS = fileURLToPath(new URL("../../scheduler/migrations", import.meta.url));

export class Killed extends Error {
  override name = "Killed";
}

export interface Life {
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly db: Database;
  /** Gives the gateway's events over, as its webhooks would; as many as are new. */
  webhooks(): Promise<void>;
  /** The end without a farewell: nothing that is under way goes on. */
  kill(): void;
}

export interface RigOptions {
  readonly clock: Clock;
  readonly model: GatewayModel;
  readonly zones: Zones;
  readonly brain: (db: Database) => Brain;
  readonly random?: Random;
  readonly settings?: Partial<EngineSettings>;
  /** Where the database file is put; the system's folder for temporary files unless told. */
  readonly folder?: string;
}

const SETTINGS: EngineSettings = {
  tenant: "test",
  segmentPriceMicro: 50_000,
  segmentsPerMinute: 60,
  handOverMs: 15 * 60_000,
  submitWithinMs: 30 * 60_000,
  optOutScope: "all",
  permanentFailuresMax: 3,
  catchUp: { downtimeDaysMax: 3, dueShareMax: 0.5 },
  decisionsKeptDays: 400,
  tickMs: 1_000,
  pollMs: 60_000,
  scanHour: 3,
};

export class SchedulerRig {
  readonly #options: RigOptions;
  readonly #folder: string;
  readonly #random: Random;
  /** Of its own, so that what is witnessed leaves no trace in the ids and codes of a seed. */
  readonly #salts = seededRandom(2);
  #seen = 0;

  constructor(options: RigOptions) {
    this.#options = options;
    this.#folder = mkdtempSync(join(options.folder ?? tmpdir(), "dunlin-run-"));
    this.#random = options.random ?? seededRandom(1);
  }

  /** @param kill called at each named place; what it throws ends the life there. */
  start(kill: (place: CheckpointName) => boolean = () => false): Life {
    const { clock, model, zones } = this.#options;
    const db = new Database({
      path: join(this.#folder, "scheduler.db"),
      migrations: MIGRATIONS,
      durable: false,
    });
    let dead = false;
    const die = (): void => {
      if (dead) return;
      dead = true;
      db.connection.close();
    };
    const alive = <T>(value: T): T => {
      if (dead) throw new Killed();
      return value;
    };
    const gateway = createGatewayClient({
      url: "http://gateway.test",
      key: "key",
      clock,
      fetch: async (input, init) => alive(await alive(model.fetch)(input, init)),
    });
    const ids = createIds(clock, this.#random);
    const engine = createEngine({
      db,
      clock,
      log: silentLogger,
      ids,
      random: this.#salts,
      zones,
      brain: this.#options.brain(db),
      gateway,
      time: sameTime,
      checkpoint: (place) => {
        alive(undefined);
        if (!kill(place)) return;
        die();
        throw new Killed(place);
      },
      settings: { ...SETTINGS, ...this.#options.settings },
    });
    return {
      engine,
      db,
      ledger: createLedger({ db, random: this.#random, ids }),
      kill: die,
      webhooks: async () => {
        for (const event of model.events(this.#seen)) {
          if (!(await engine.intake.take(event))) return;
          this.#seen = event.sequence;
        }
      },
    };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

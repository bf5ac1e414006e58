/**
 * The whole gateway and everything around it in one process: modems and network from the simulator, one
 * process of ours after the other on one database file, a machine with a clock of its own, a receiver of
 * webhooks. Time moves when `clock` is told to.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Core, openCore } from "#gateway/core.ts";
import type { TargetGuard } from "#gateway/webhooks/target.ts";
import type { Webhooks } from "#gateway/webhooks/types.ts";
import { createWebhooks } from "#gateway/webhooks/webhooks.ts";
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import { createSimulator, type Simulator } from "#hardware/simulator/simulator.ts";
import { type ApiKeys, createApiKeys } from "#shared/api-keys.ts";
import type { Logger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { Cable } from "#test/support/cable.ts";
import { HostClock, type WallClock } from "./host-clock.ts";
import type { Plan } from "./plan.ts";
import { Receiver } from "./receiver.ts";
import { WireLog } from "./wire-log.ts";

/** Memory where there is such a place: a run writes much and keeps nothing. */
const FOLDER = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
/** Nothing is looked up: the receiver is in this process. */
const ANY_TARGET: TargetGuard = { checkHost: () => undefined, lookup: () => undefined };
const RECEIVER_URL = "http://127.0.0.1:9/hook";

/** Turns of the event loop that a dead process gets to let go of its files. */
const BURIAL_TURNS_MAX = 50;

/** One process of the gateway. */
export interface Life {
  readonly core: Core;
  readonly keys: ApiKeys;
  readonly webhooks: Webhooks;
  readonly clock: HostClock;
  readonly cables: readonly Cable[];
  /** It was started and settled what the last one left. */
  ready: boolean;
  alive: boolean;
}

export class World {
  readonly clock = new SimulatedClock();
  readonly wall: WallClock = { offsetMs: 0 };
  readonly simulator: Simulator;
  readonly receiver: Receiver;
  readonly wire: WireLog;
  readonly plan: Plan;
  /** Errors that the gateway wrote into its log. */
  readonly complaints: string[] = [];
  /** Messages that were sent to our SIMs: sender and text, and when by the network's clock. */
  readonly sentToUs: { readonly what: string; readonly atMs: number }[] = [];
  /** Faults that happened. */
  fired: readonly FaultAction[] = [];
  /** Told at each named place that the process passes, with how many it has passed. */
  readonly onStep = new Set<(steps: number) => void>();
  /** Told when the caller has an answer, with how many it has. */
  readonly onAnswer = new Set<(answers: number) => void>();
  keyId = "";
  /** The last event before the receiver was asked for. */
  toldAfter = 0;
  crashes = 0;
  #life: Life | undefined;
  readonly #dead: Life[] = [];
  readonly #folder = mkdtempSync(join(FOLDER, "dunlin-simulation-"));
  #database = 0;
  #lives = 0;
  #steps = 0;

  constructor(plan: Plan) {
    this.plan = plan;
    this.simulator = createSimulator({
      clock: this.clock,
      random: seededRandom(plan.seed),
      modems: plan.modems.map(({ name, profile, latency }) => ({
        name,
        profile,
        ...(latency === undefined ? {} : { latency }),
      })),
      network: plan.network,
    });
    const { network } = this.simulator;
    const send = network.sendToSim.bind(network);
    network.sendToSim = (message) => {
      if (message.order !== "missing") {
        const what = `${message.from} ${message.text}`;
        this.sentToUs.push({ what, atMs: this.clock.now() });
      }
      return send(message);
    };
    this.receiver = new Receiver(plan, seededRandom(plan.seed + 0x1000));
    this.wire = new WireLog(this.simulator, this.clock);
  }

  /** The process that runs now, if one does. */
  get life(): Life | undefined {
    return this.#life;
  }

  /** Starts a process on the database as the last one left it. */
  async begin(): Promise<void> {
    const life = this.#open();
    this.#life = life;
    life.core.start();
    await life.core.started;
    if (!life.alive) return;
    await this.#subscribe(life);
    if (!life.alive) return;
    life.webhooks.start();
    life.ready = true;
  }

  /**
   * The process dies in this very moment: what is on disk stays, the ports are let go of, nothing of it
   * goes on. The file is copied, because its connection cannot be taken from it.
   */
  crash(): void {
    const life = this.#life;
    if (life === undefined) return;
    const before = this.#databasePath;
    this.#database++;
    for (const suffix of ["", "-wal"])
      if (existsSync(before + suffix)) copyFileSync(before + suffix, this.#databasePath + suffix);
    life.alive = false;
    life.clock.die();
    for (const cable of life.cables) void cable.cut();
    this.#dead.push(life);
    this.#life = undefined;
    this.crashes++;
  }

  /** No fault happens from now on. */
  disarm(): void {
    const { faults } = this.simulator;
    this.fired = faults
      .list()
      .filter(({ fired }) => fired > 0)
      .map(({ action }) => action);
    faults.disarmAll();
  }

  /** Ends in order; resolves when time was given to what was on the air. */
  async stop(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    life.ready = false;
    await life.webhooks.stop();
    await life.core.stop();
    if (!life.alive) return;
    life.alive = false;
    this.#life = undefined;
  }

  /** Everything goes; nothing may run any more. */
  async remove(): Promise<void> {
    this.simulator.stop();
    for (const life of this.#life === undefined ? this.#dead : [...this.#dead, this.#life]) await bury(life);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #databasePath(): string {
    return join(this.#folder, `gateway-${this.#database}.db`);
  }

  #open(): Life {
    const clock = new HostClock(this.clock, this.wall);
    const random = seededRandom(this.plan.seed + 0x2000 + this.#lives++);
    const log = this.#log();
    const cables = this.simulator.modems.map(({ name, open }) => new Cable(open, this.wire.listen(name)));
    const checkpoint = (): void => {
      if (clock.dead) return;
      this.#steps++;
      for (const passed of this.onStep) passed(this.#steps);
    };
    const core = openCore({
      databasePath: this.#databasePath,
      clock,
      random,
      log,
      checkpoint,
      modems: this.plan.modems.map(({ name, perMinute, perHour, sweepIntervalMs }, i) => ({
        name,
        port: name,
        open: (cables[i] as Cable).open,
        settings: { sweepIntervalMs },
        limits: {
          ...(perMinute === undefined ? {} : { perMinute }),
          ...(perHour === undefined ? {} : { perHour }),
        },
      })),
    });
    const { db, events, ids } = core;
    const keys = createApiKeys({ db, clock, random, ids });
    const poster = this.receiver.posterOn(clock);
    const parts = { db, events, keys, clock, random, ids, log, guard: ANY_TARGET, poster, checkpoint };
    return { core, keys, webhooks: createWebhooks(parts), clock, cables, ready: false, alive: true };
  }

  /** The caller's key and webhook, made once. */
  async #subscribe({ core, keys, webhooks }: Life): Promise<void> {
    const known = keys.list()[0];
    this.keyId = known?.id ?? (await keys.create({ name: "shop", scopes: ["admin"] })).key.id;
    if (webhooks.list(this.keyId).length > 0) return;
    this.toldAfter = await core.events.lastSequence();
    await webhooks.create(this.keyId, { url: RECEIVER_URL, enabled: true });
  }

  #log(): Logger {
    const nothing = (): void => undefined;
    const log: Logger = {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: (fields, text) => {
        const { err } = fields as { readonly err?: unknown };
        this.complaints.push(err === undefined ? text : `${text}: ${String(err)}`);
      },
      child: () => log,
    };
    return log;
  }
}

/** What a dead process left open is closed: files are few, and a night has many runs. */
async function bury({ clock, core, webhooks }: Life): Promise<void> {
  clock.die();
  let closed = false;
  const closing = Promise.allSettled([webhooks.stop(), core.stop()]).then(() => {
    closed = true;
  });
  for (let turn = 0; turn < BURIAL_TURNS_MAX && !closed; turn++)
    await Promise.race([closing, new Promise<void>((resolve) => setImmediate(resolve))]);
  if (!closed) core.db.connection.close();
}

/**
 * The whole core with simulated modems in one process, on a clock that moves only when it is told to.
 * The judge is the simulator's ledger: what the service centre took.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Core, type CoreLimits, openCore, type SimLimits } from "#gateway/core.ts";
import type { EventType, GatewayEvent, Message, NewMessage } from "#gateway/messages/types.ts";
import type { ModemSettings } from "#hardware/modem/settings.ts";
import type { ModemOptions } from "#hardware/simulator/identities.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "#hardware/simulator/simulator.ts";
import { type Logger, silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { Cable } from "#test/support/cable.ts";

export interface WorldOptions {
  /** Profiles, one for each modem; four EC25 unless given. */
  readonly modems?: readonly (string | ModemOptions)[];
  readonly network?: SimulatorOptions["network"];
  readonly limits?: CoreLimits;
  readonly modemLimits?: Readonly<Record<string, SimLimits>>;
  readonly settings?: ModemSettings;
  readonly seed?: number;
  readonly log?: Logger;
}

/** Time is moved from timer to timer, by this much at most. */
const STEP_MS_MAX = 1_000;
const STEP_MS_MIN = 5;
/** What is going on gets so many turns before time moves: a segment's way has many steps and no timer. */
const TURNS_A_STEP = 4;

export class World {
  readonly clock = new SimulatedClock();
  readonly simulator: Simulator;
  readonly #options: WorldOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), "dunlin-test-"));
  #core: Core;
  #cables: Cable[] = [];
  #database = 0;
  readonly #dead: Core[] = [];

  constructor(options: WorldOptions = {}) {
    this.#options = options;
    const modems = options.modems ?? ["quectel-ec25", "quectel-ec25", "quectel-ec25", "quectel-ec25"];
    this.simulator = createSimulator({
      clock: this.clock,
      random: seededRandom(options.seed ?? 1),
      modems: modems.map((modem) => (typeof modem === "string" ? { profile: modem } : modem)),
      ...(options.network === undefined ? {} : { network: options.network }),
    });
    this.#core = this.#open();
  }

  get core(): Core {
    return this.#core;
  }

  get databasePath(): string {
    return join(this.#folder, `gateway-${this.#database}.db`);
  }

  #open(): Core {
    const { limits, modemLimits, settings, seed, log } = this.#options;
    this.#cables = this.simulator.modems.map(({ open }) => new Cable(open));
    return openCore({
      databasePath: this.databasePath,
      clock: this.clock,
      random: seededRandom((seed ?? 1) + this.#database),
      log: log ?? silentLogger,
      ...(limits === undefined ? {} : { limits }),
      modems: this.simulator.modems.map(({ name }, i) => ({
        name,
        port: name,
        open: (this.#cables[i] as Cable).open,
        settings: settings ?? {},
        ...(modemLimits?.[name] === undefined ? {} : { limits: modemLimits[name] }),
      })),
    });
  }

  async start(): Promise<this> {
    this.core.start();
    await this.core.started;
    await this.until(() => this.core.fleet.modems().every(({ state }) => state === "ready"), 120_000);
    return this;
  }

  /** Starts without waiting for the modems. */
  async begin(): Promise<this> {
    this.core.start();
    await this.core.started;
    return this;
  }

  /**
   * The process dies here: the database stays as it is on disk, the ports are let go of, and another
   * process begins with the same files.
   */
  async crash(): Promise<void> {
    const before = this.databasePath;
    this.#database++;
    for (const suffix of ["", "-wal"])
      if (existsSync(before + suffix)) copyFileSync(before + suffix, this.databasePath + suffix);
    await Promise.all(this.#cables.map((cable) => cable.cut()));
    this.#dead.push(this.#core);
    this.#core = this.#open();
  }

  /** Ends in order and begins again on the same file. */
  async restart(): Promise<void> {
    await this.stopCore(this.#core);
    this.#core = this.#open();
    await this.start();
  }

  /** Time goes on until the fact is there; fails when it is not after so much of it. */
  async until(fact: () => boolean | Promise<boolean>, msMax = 60_000): Promise<void> {
    const deadline = this.clock.monotonic() + msMax;
    for (;;) {
      for (let turn = 0; turn < TURNS_A_STEP; turn++) {
        await this.clock.advance(0);
        if (await fact()) return;
      }
      if (this.clock.monotonic() >= deadline) throw new Error(`not after ${msMax} ms: ${fact}`);
      await this.#step(deadline);
    }
  }

  async #step(until: number): Promise<void> {
    const next = Math.max(this.clock.nextTimerMs() ?? STEP_MS_MAX, STEP_MS_MIN);
    await this.clock.advance(Math.min(next, STEP_MS_MAX, Math.max(0, until - this.clock.monotonic())));
  }

  /** Time goes on for so long, and everything has its turns. */
  async pass(ms: number): Promise<void> {
    const until = this.clock.monotonic() + ms;
    while (this.clock.monotonic() < until) {
      for (let turn = 0; turn < TURNS_A_STEP; turn++) await this.clock.advance(0);
      await this.#step(until);
    }
    for (let turn = 0; turn < TURNS_A_STEP; turn++) await this.clock.advance(0);
  }

  async send(...messages: readonly Partial<NewMessage>[]): Promise<string[]> {
    const accepted = await this.core.messages.accept(messages.map(message), { keyId: "key" });
    if (accepted.kind !== "accepted") throw new Error(accepted.kind);
    return accepted.messages.map(({ id }) => id);
  }

  async message(id: string | undefined): Promise<Message> {
    const found = await this.core.messages.get(id ?? "");
    if (found === undefined) throw new Error(`no message ${id}`);
    return found;
  }

  async state(id: string | undefined): Promise<string> {
    return (await this.message(id)).state;
  }

  async events(...types: readonly EventType[]): Promise<readonly GatewayEvent[]> {
    return this.core.events.after(0, 1_000, types.length === 0 ? undefined : types);
  }

  async history(id: string | undefined): Promise<readonly string[]> {
    return (await this.events()).filter(({ messageId }) => messageId === id).map(({ type }) => type);
  }

  async stopCore(core: Core): Promise<void> {
    let stopped = false;
    const stopping = core.stop().finally(() => {
      stopped = true;
    });
    await this.until(() => stopped, 400_000);
    await stopping;
  }

  async end(): Promise<void> {
    for (const core of [...this.#dead, this.#core]) await this.stopCore(core);
    this.simulator.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

export function message(fields: Partial<NewMessage> = {}): NewMessage {
  return {
    to: "+491701234567",
    text: "Your invoice 4711 is due.",
    priority: 0,
    report: true,
    transliterate: false,
    onUnknown: "hold",
    ...fields,
  };
}

export function number(n: number): string {
  return `+49170${String(1_000_000 + n)}`;
}

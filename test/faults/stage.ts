/** One gateway with one modem on a clock that is moved by hand, and one fault that strikes at one step. */
import { type Core, openCore } from "#gateway/core.ts";
import { createSimulator, type SimulatedModem, type Simulator } from "#hardware/simulator/simulator.ts";
import { silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import type { Fault } from "./faults.ts";
import { Line } from "./line.ts";
import type { Step } from "./steps.ts";

const NETWORK_MS = 2_000;
/** Longer than any fault lasts: a report that comes to a modem without its settings is lost to everybody. */
const REPORT_MS = 300_000;
/** What is going on gets so many turns before time moves: a segment's way has many steps and no timer. */
const TURNS = 4;
/** A line that no modem says. */
const MARK = "+DUNLINTEST: 1";
const STEP_MS_MAX = 1_000;
const STEP_MS_MIN = 5;

export class Stage {
  readonly clock = new SimulatedClock();
  readonly simulator: Simulator;
  readonly core: Core;
  /** How long a segment was with the modem at most. */
  submittingMsMax = 0;
  readonly #modem: SimulatedModem;
  readonly #line: Line;
  readonly #step: Step;
  readonly #fault: Fault;
  #struckAt: number | undefined;
  #seen = 0;
  #claimedAt: number | undefined;
  #recipients = 0;

  constructor(step: Step, fault: Fault) {
    this.#step = step;
    this.#fault = fault;
    this.simulator = createSimulator({
      clock: this.clock,
      random: seededRandom(1),
      modems: [{ profile: "quectel-ec25" }],
      network: { latency: NETWORK_MS, reportDelay: REPORT_MS },
    });
    this.#modem = this.simulator.modem("modem0");
    this.#line = new Line(this.#modem.open, this.clock, {
      written: (text) => this.#pass("write", text),
      read: (text) => this.#pass("read", text),
    });
    this.core = openCore({
      databasePath: ":memory:",
      clock: this.clock,
      random: seededRandom(2),
      log: silentLogger,
      modems: [{ name: "modem0", port: "modem0", open: this.#line.open, settings: {} }],
      checkpoint: (place) => this.#reached(place),
    });
  }

  async start(): Promise<void> {
    const { moment } = this.#step;
    if (moment.kind === "before-start") this.strike();
    if (moment.kind === "inside") this.#armInside();
    this.core.start();
    await this.core.started;
  }

  /** Monotonic; undefined until it struck. */
  get struckAt(): number | undefined {
    if (this.#struckAt === undefined && this.#step.moment.kind === "inside")
      if (this.simulator.faults.list().some(({ fired, action }) => fired > 0 && action.kind !== "say"))
        this.#struckAt = this.clock.monotonic();
    return this.#struckAt;
  }

  /** Lets the fault happen, once. */
  strike(): void {
    if (this.#struckAt !== undefined) return;
    this.#struckAt = this.clock.monotonic();
    const { strike } = this.#fault;
    const { moment } = this.#step;
    if (strike.kind === "line") this.#line.spoil(strike.how, moment.kind === "read" ? "this" : "next");
    else this.#modem.strike(strike);
  }

  /** Returns its id. */
  async send(): Promise<string> {
    const to = `+49170${String(1_000_000 + this.#recipients++)}`;
    const accepted = await this.core.messages.accept(
      [{ to, text: `to ${to}`, priority: 0, report: true, transliterate: false, onUnknown: "hold" }],
      { keyId: "key" },
    );
    if (accepted.kind !== "accepted") throw new Error(accepted.kind);
    return accepted.messages[0]?.id ?? "";
  }

  async state(id: string): Promise<string> {
    return (await this.core.messages.get(id))?.state ?? "";
  }

  /** Recipients in the order in which the network took their messages. */
  sent(): readonly string[] {
    return this.simulator.ledger.entries().map(({ destination }) => destination);
  }

  /** Time goes on until the fact is there. @throws Error when it is not after so much of it */
  async until(what: string, fact: () => boolean | Promise<boolean>, msMax: number): Promise<void> {
    const deadline = this.clock.monotonic() + msMax;
    for (;;) {
      for (let turn = 0; turn < TURNS; turn++) await this.clock.advance(0);
      if (await fact()) return;
      const leftMs = deadline - this.clock.monotonic();
      if (leftMs <= 0) throw new Error(`${what}: not within ${msMax} ms; ${this.#whereItStands()}`);
      const next = Math.max(this.clock.nextTimerMs() ?? STEP_MS_MAX, STEP_MS_MIN);
      await this.clock.advance(Math.min(next, STEP_MS_MAX, leftMs));
    }
  }

  async pass(ms: number): Promise<void> {
    const until = this.clock.monotonic() + ms;
    await this.until("time passes", () => this.clock.monotonic() >= until, ms + STEP_MS_MAX);
  }

  async end(): Promise<void> {
    let stopped = false;
    const stopping = this.core.stop().finally(() => {
      stopped = true;
    });
    await this.until("it stops", () => stopped, 600_000);
    await stopping;
    this.simulator.stop();
  }

  #whereItStands(): string {
    const [modem] = this.core.fleet.modems();
    return `the modem is ${modem?.state} (${modem?.detail})`;
  }

  #pass(kind: "write" | "read", text: string): void {
    const { moment } = this.#step;
    if (moment.kind === "inside" && kind === "read" && text.includes(MARK)) this.strike();
    if (moment.kind !== kind || !moment.pattern.test(text)) return;
    if (++this.#seen >= ((moment.kind === "write" ? moment.nth : undefined) ?? 1)) this.strike();
  }

  #reached(place: string): void {
    const now = this.clock.monotonic();
    if (/^after-(settle|claim)/.test(place) && this.#claimedAt !== undefined) {
      this.submittingMsMax = Math.max(this.submittingMsMax, now - this.#claimedAt);
      this.#claimedAt = undefined;
    }
    if (place === "after-claim" || place === "after-settle-and-claim") this.#claimedAt = now;
    const { moment } = this.#step;
    if (moment.kind === "write-to-disk" && moment.place === place) this.strike();
  }

  /** The line knows nothing of what goes on inside the modem: there the modem says when it is time. */
  #armInside(): void {
    const { moment } = this.#step;
    if (moment.kind !== "inside") return;
    const { strike } = this.#fault;
    const action = strike.kind === "line" ? ({ kind: "say", line: MARK } as const) : strike;
    this.simulator.faults.arm({ at: moment.point, action });
  }
}

/**
 * A year in the life of a scheduler: random debtors who pay, keep silent, write back or dispute, and a
 * world that kills the process, loses answers, turns the gateway off and moves the clock. Everything comes
 * from one seed.
 */

import { nextDueAt } from "#scheduler/ledger/due.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import { createMind } from "#scheduler/mind.ts";
import type { Brain } from "#scheduler/run/brain.ts";
import type { Zones } from "#shared/local-date.ts";
import { type Random, seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { GatewayModel } from "./gateway-model.ts";
import { type Life, SchedulerRig } from "./scheduler-rig.ts";
import { openBooks } from "./small-ledger.ts";
import { planDebtor } from "./year-debtors.ts";
import { planTroubles } from "./year-troubles.ts";
import { DAY_MS, type Debtor, HOUR_MS, type YearWorld } from "./year-world.ts";

const START = Date.UTC(2026, 0, 5, 6, 0);
const STEP_MIN_MS = 1_000;
const STEP_MAX_MS = 6 * HOUR_MS;

interface Entry {
  readonly at: number;
  readonly run: () => Promise<void> | void;
}

export interface YearOptions {
  readonly seed: number;
  readonly debtors: number;
  readonly days: number;
  readonly zones: Zones;
  readonly rulebook: Pick<Brain, "decide" | "compose">;
}

export class Year implements YearWorld {
  readonly clock = new SimulatedClock(START);
  readonly model = new GatewayModel({
    clock: this.clock,
    sims: ["8949000000000000001", "8949000000000000002"],
  });
  readonly debtors: Debtor[] = [];
  readonly scans: number[] = [];
  life: Life;
  kills = 0;
  readonly #random: Random;
  readonly #rig: SchedulerRig;
  readonly #options: YearOptions;
  readonly #agenda: Entry[] = [];
  #countdown = 0;
  #dead = false;
  #creditor: Creditor | undefined;

  constructor(options: YearOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    const { zones, rulebook } = options;
    this.#rig = new SchedulerRig({
      clock: this.clock,
      model: this.model,
      zones,
      brain: (db) => createMind({ db, rulebook: () => rulebook }),
      random: seededRandom(options.seed + 1),
    });
    this.life = this.#start();
  }

  async run(): Promise<void> {
    this.#creditor = await openBooks(this.life, this.clock.now());
    for (let i = 0; i < this.#options.debtors; i++) planDebtor(this, this.#random, this.#options.days, i);
    planTroubles(this, this.#random, this.#options.days);
    this.#agenda.sort((a, b) => a.at - b.at);
    // By the monotonic clock: the wall clock is moved about.
    while (this.clock.monotonic() < this.#options.days * DAY_MS) await this.#step();
    await this.#calm();
  }

  remove(): void {
    this.life.kill();
    this.#rig.remove();
  }

  #start(): Life {
    this.#dead = false;
    return this.#rig.start(() => {
      if (this.#countdown === 0 || --this.#countdown > 0) return false;
      this.#dead = true;
      this.kills++;
      return true;
    });
  }

  async #step(): Promise<void> {
    while ((this.#agenda[0]?.at ?? Number.POSITIVE_INFINITY) <= this.clock.monotonic())
      await this.#agenda.shift()?.run();
    await this.live(async () => {
      while ((await this.life.engine.runner.tick()).more);
      if (this.#random.float() < 0.9) await this.life.webhooks();
      if (this.#random.float() < 0.2) await this.life.engine.intake.poll();
      if (this.#random.float() < 0.05) await this.life.engine.intake.reconcile();
    });
    await this.clock.advance(this.#delta());
    this.model.advance();
  }

  #delta(): number {
    const due = (nextDueAt(this.life.db) ?? Number.POSITIVE_INFINITY) - this.clock.now();
    const planned = (this.#agenda[0]?.at ?? Number.POSITIVE_INFINITY) - this.clock.monotonic();
    const moving = this.model.accepted.some(({ state }) => state === "queued" || state === "submitted");
    const wanted = Math.min(planned, moving ? 7_000 : Math.max(due, 5 * 60_000));
    return Math.max(STEP_MIN_MS, Math.min(STEP_MAX_MS, wanted));
  }

  /** What a killed process was doing is gone; another one goes on with the same file. */
  async live(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#dead) throw error;
    }
    if (!this.#dead) return;
    this.life.kill();
    await this.restart();
  }

  async restart(): Promise<void> {
    this.life = this.#start();
    const aliveAt = this.life.engine.marks.number("clock.high-water");
    await this.life.engine.operator.judgeDowntime(aliveAt);
  }

  /** Troubles end, and everything that was begun comes to its end. */
  async #calm(): Promise<void> {
    this.model.down = false;
    this.model.loss = () => undefined;
    this.#countdown = 0;
    await this.life.engine.guard.accept();
    await this.life.engine.operator.approveCatchUp("test");
    for (let i = 0; i < 40; i++) {
      while ((await this.life.engine.runner.tick()).more);
      await this.clock.advance(10 * 60_000);
      this.model.advance();
      await this.life.engine.intake.poll();
    }
    this.scans.push((await this.life.engine.scan()).differences);
  }

  killAfter(places: number): void {
    this.#countdown = places;
  }

  at(afterMs: number, run: Entry["run"]): void {
    this.#agenda.push({ at: afterMs, run });
  }

  books(): Creditor {
    if (this.#creditor === undefined) throw new Error("the books are not open yet");
    return this.#creditor;
  }
}

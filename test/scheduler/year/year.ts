/**
 * A year in the life of a scheduler: people who pay, keep silent, write back, move or dispute, and a world
 * that kills the process, loses answers, turns the gateway off and moves the clock. Everything comes from
 * one seed.
 */
import { existsSync } from "node:fs";
import { nextDueAt } from "#scheduler/ledger/due.ts";
import { startReindex } from "#scheduler/ledger/reindex.ts";
import type { Creditor } from "#scheduler/ledger/types.ts";
import { createMind } from "#scheduler/mind.ts";
import type { GatewayEvent } from "#shared/gateway-api.ts";
import type { Zones } from "#shared/local-date.ts";
import { type Random, seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { GatewayModel } from "#test/support/gateway-model.ts";
import { type Life, SchedulerRig } from "#test/support/scheduler-rig.ts";
import { openBooks } from "#test/support/small-ledger.ts";
import { Book, type Person, type Word } from "./book.ts";
import { planLife } from "./lives.ts";
import { Office } from "./office.ts";
import { makePerson } from "./people.ts";
import { Post } from "./post.ts";
import type { YearRules } from "./rules.ts";
import { planRoutine, planTroubles } from "./troubles.ts";
import { DAY_MS, HOUR_MS, type Who, type YearWorld } from "./world.ts";

const START = Date.UTC(2026, 0, 5, 6, 0);
const STEP_MIN_MS = 1_000;
const STEP_MAX_MS = 6 * HOUR_MS;
/** While cases wait for room in the fleet, or for a gateway that does not answer. */
const WAIT_MS = 31_000;
const OUTAGE_WAIT_MS = 10 * 60_000;
/** Of the office's acts, as many happen in the middle of a tick. */
const AT_ONCE = 0.4;
/** The database is a file, as for everybody; where there is one, in the memory of the machine. */
const MEMORY_FOLDER = "/dev/shm";

/** Two SIMs, one segment in ten seconds each. */
export const FLEET = { sims: ["8949000000000000001", "8949000000000000002"], segmentMs: 5_000 } as const;
export const SEGMENTS_PER_MINUTE = 6;

interface Entry {
  readonly at: number;
  readonly who: Who;
  readonly run: () => Promise<void> | void;
}

export interface YearOptions {
  readonly seed: number;
  readonly people: number;
  readonly days: number;
  readonly zones: Zones;
  readonly rulebook: YearRules;
}

export class Year implements YearWorld {
  readonly clock = new SimulatedClock(START);
  readonly book = new Book();
  readonly model = new GatewayModel({ clock: this.clock, ...FLEET, nextOrder: () => this.book.next() });
  readonly people: Person[] = [];
  readonly scans: number[] = [];
  /** By the monotonic clock: from when on all was well, or not. */
  readonly weather: { readonly at: number; readonly good: boolean }[] = [];
  webhooks: YearWorld["webhooks"] = "good";
  life: Life;
  kills = 0;
  absences = 0;
  readonly office: Office;
  readonly #random: Random;
  readonly #rig: SchedulerRig;
  readonly #options: YearOptions;
  #agenda: Entry[] = [];
  readonly #post: Post;
  #countdown = 0;
  #dead = false;
  #awayUntil: number | undefined;
  #creditor: Creditor | undefined;
  #edits = 0;

  constructor(options: YearOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.office = new Office(this);
    this.#post = new Post(this, this.#random);
    const { zones, rulebook } = options;
    rulebook.edit(0);
    this.#rig = new SchedulerRig({
      clock: this.clock,
      model: this.model,
      zones,
      brain: (db) => createMind({ db, rulebook: () => rulebook }),
      random: seededRandom(options.seed + 1),
      settings: { segmentsPerMinute: SEGMENTS_PER_MINUTE },
      ...(existsSync(MEMORY_FOLDER) ? { folder: MEMORY_FOLDER } : {}),
    });
    this.life = this.#start();
  }

  async run(): Promise<void> {
    const { people, days, seed } = this.#options;
    this.#creditor = await openBooks(this.life, this.clock.now(), {
      EUR: "ES91 2100 0418 4502 0005 1332",
      USD: "US 12",
    });
    for (let i = 0; i < people; i++) {
      const person = makePerson(this.#random, i, this.people.at(-1));
      this.people.push(person);
      planLife(this, this.office, this.#random, days, person, i);
    }
    planTroubles(this, this.#random, days, seed);
    planRoutine(this, this.office, this.#random, days);
    this.#agenda.sort((a, b) => a.at - b.at);
    // By the monotonic clock: the wall clock is moved about.
    while (this.clock.monotonic() < days * DAY_MS) await this.#step();
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
    if (this.#awayUntil !== undefined && this.clock.monotonic() >= this.#awayUntil) {
      this.#awayUntil = undefined;
      await this.restart();
    }
    const due = this.#takeDue();
    const atOnce = due.every(({ who }) => who === "office") && this.#countdown === 0;
    if (atOnce && due.length > 0 && this.#awayUntil === undefined && this.#random.float() < AT_ONCE)
      await Promise.all([this.#work(), this.#runAll(due)]);
    else {
      await this.#runAll(due);
      if (this.#awayUntil === undefined) await this.live(() => this.#work());
    }
    if (this.#awayUntil === undefined) this.#post.noteHeard();
    this.#noteWeather();
    await this.clock.advance(this.#delta());
    this.model.advance();
  }

  async #work(): Promise<void> {
    while ((await this.life.engine.runner.tick()).more);
    if (this.#random.float() < 0.9) await this.#post.bring();
    if (this.#random.float() < 0.2) await this.life.engine.intake.poll();
    if (this.#random.float() < 0.05) await this.life.engine.intake.reconcile();
  }

  #takeDue(): Entry[] {
    const now = this.clock.monotonic();
    const due: Entry[] = [];
    for (let next = this.#agenda[0]; next !== undefined && next.at <= now; next = this.#agenda[0]) {
      this.#agenda.shift();
      due.push(next);
    }
    return due;
  }

  async #runAll(entries: readonly Entry[]): Promise<void> {
    for (const { who, run } of entries) {
      // One of those before may have sent the scheduler away.
      if (this.#awayUntil !== undefined && who !== "world") this.at(this.#awayUntil, who, run);
      else await run();
    }
  }

  hear(person: Person, text: string, word: Word): void {
    this.#post.write(person, text, word);
  }

  #noteWeather(): void {
    const { model, clock } = this;
    const good =
      !model.down &&
      model.loss === model.calm &&
      this.#countdown === 0 &&
      this.#awayUntil === undefined &&
      this.life.engine.guard.verdict().kind === "good";
    if (this.weather.at(-1)?.good !== good) this.weather.push({ at: clock.monotonic(), good });
  }

  #delta(): number {
    const now = this.clock.now();
    const planned = (this.#agenda[0]?.at ?? Number.POSITIVE_INFINITY) - this.clock.monotonic();
    const moving = (this.model.nextChangeAt() ?? Number.POSITIVE_INFINITY) - now;
    let due = Number.POSITIVE_INFINITY;
    if (this.#awayUntil !== undefined) due = this.#awayUntil - this.clock.monotonic();
    else {
      due = (nextDueAt(this.life.db) ?? due) - now;
      if (due <= 0) due = this.model.down ? OUTAGE_WAIT_MS : WAIT_MS;
    }
    return Math.max(STEP_MIN_MS, Math.min(STEP_MAX_MS, planned, moving, due));
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

  away(ms: number): void {
    this.life.kill();
    this.#awayUntil = this.clock.monotonic() + ms;
    this.absences++;
  }

  /** Troubles end, and everything that was begun comes to its end. */
  async #calm(): Promise<void> {
    this.model.down = false;
    this.model.loss = this.model.calm;
    this.webhooks = "good";
    this.#countdown = 0;
    if (this.#awayUntil !== undefined) await this.restart();
    this.#awayUntil = undefined;
    await this.life.engine.guard.accept();
    await this.office.feed();
    await this.life.engine.operator.approveCatchUp("staff");
    for (let i = 0; i < 60; i++) {
      while ((await this.life.engine.runner.tick()).more);
      await this.clock.advance(10 * 60_000);
      this.model.advance();
      await this.life.engine.intake.poll();
    }
    await this.life.engine.runner.tick();
    this.#post.noteHeard();
    this.scans.push((await this.life.engine.scan()).differences);
  }

  /** Everything that the gateway ever said, once more, and the creditor's list too. */
  async sayAgain(): Promise<void> {
    const all: readonly GatewayEvent[] = this.model.events(0);
    for (const event of all) await this.life.engine.intake.take(event);
    await this.office.sendListAgain();
  }

  /** As `watchRules` does it when it sees an edit. */
  async editRules(): Promise<void> {
    this.#options.rulebook.edit(++this.#edits);
    const { db } = this.life;
    await db.write(() => startReindex(db, this.creditor().id, "all", this.clock.now()));
  }

  killAfter(places: number): void {
    this.#countdown = places;
  }

  at(afterMs: number, who: Who, run: Entry["run"]): void {
    const entry = { at: afterMs, who, run };
    // Before the year begins all are sorted at once.
    if (this.clock.monotonic() === 0) this.#agenda.push(entry);
    else {
      const index = this.#agenda.findIndex(({ at }) => at > afterMs);
      this.#agenda.splice(index < 0 ? this.#agenda.length : index, 0, entry);
    }
  }

  creditor(): Creditor {
    if (this.#creditor === undefined) throw new Error("the books are not open yet");
    return this.#creditor;
  }
}

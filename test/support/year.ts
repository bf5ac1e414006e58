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
import { changeAt, invoice, openBooks, pay } from "./small-ledger.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 0, 5, 6, 0);
const STEP_MIN_MS = 1_000;
const STEP_MAX_MS = 6 * HOUR_MS;

export type Behaviour = "on-time" | "late" | "in-parts" | "silent" | "stops" | "disputes" | "dead" | "wrong";
const BEHAVIOURS: readonly Behaviour[] = [
  "on-time",
  "late",
  "late",
  "in-parts",
  "silent",
  "silent",
  "stops",
  "disputes",
  "dead",
  "wrong",
];

const PLACES = [
  { jurisdiction: "ES", language: "es", prefix: "+346001" },
  { jurisdiction: "DE", language: "de", prefix: "+491511" },
  { jurisdiction: "FR", language: "fr", prefix: "+336121" },
  { jurisdiction: "CO", language: "es", prefix: "+573001" },
  { jurisdiction: "GB", language: "en", prefix: "+447400" },
] as const;

export interface Debtor {
  readonly name: string;
  readonly number: string;
  readonly jurisdiction: string;
  readonly behaviour: Behaviour;
  principal: bigint;
  /** Instants at which these were committed. */
  invoicedAt?: number;
  paidAt?: number;
  partAt?: number;
  stoppedAt?: number;
  heldFrom?: number;
  heldUntil?: number;
}

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

export class Year {
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
    for (let i = 0; i < this.#options.debtors; i++) this.#plan(i);
    this.#planTroubles();
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
    await this.#live(async () => {
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
  async #live(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.#dead) throw error;
    }
    if (!this.#dead) return;
    this.life.kill();
    await this.#restart();
  }

  async #restart(): Promise<void> {
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

  #at(afterMs: number, run: Entry["run"]): void {
    this.#agenda.push({ at: afterMs, run });
  }

  #plan(index: number): void {
    const random = this.#random;
    const place = PLACES[random.int(0, PLACES.length - 1)] as (typeof PLACES)[number];
    const behaviour = BEHAVIOURS[index % BEHAVIOURS.length] as Behaviour;
    const number = `${place.prefix}${String(100_000 + index)}`;
    const debtor: Debtor = {
      name: `d${index}`,
      number,
      jurisdiction: place.jurisdiction,
      behaviour,
      principal: BigInt(random.int(5_001, 900_000)),
    };
    this.debtors.push(debtor);
    const bookedMs =
      random.int(0, Math.floor(this.#options.days * 0.6)) * DAY_MS + random.int(0, 12) * HOUR_MS;
    const dueDays = random.int(3, 30);
    this.#at(bookedMs, async () => {
      const now = this.clock.now();
      const dueDate = new Date(now + dueDays * DAY_MS).toISOString().slice(0, 10);
      const debt = { ...debtor, dueDate, language: place.language, segment: String(index) };
      await invoice(this.life, this.#books(), debt, now);
      debtor.invoicedAt = now;
    });
    this.#behave(debtor, bookedMs, dueDays);
  }

  #behave(debtor: Debtor, bookedMs: number, dueDays: number): void {
    const random = this.#random;
    const dueMs = bookedMs + dueDays * DAY_MS;
    const later = dueMs + random.int(1, 60) * DAY_MS + random.int(0, 23) * HOUR_MS + random.int(0, 3_599_999);
    const payAll = (at: number): void =>
      this.#at(at, async () => {
        await pay(this.life, this.#books(), debtor.name, debtor.principal, this.clock.now());
        debtor.paidAt = this.clock.now();
      });
    switch (debtor.behaviour) {
      case "on-time":
        payAll(bookedMs + random.int(1, dueDays) * DAY_MS);
        break;
      case "late":
        payAll(later);
        break;
      case "in-parts":
        this.#at(later, async () => {
          const part = debtor.principal / 3n;
          await pay(this.life, this.#books(), debtor.name, part, this.clock.now());
          debtor.principal -= part;
          debtor.partAt = this.clock.now();
        });
        payAll(later + random.int(1, 40) * DAY_MS);
        break;
      case "stops":
      case "wrong":
        this.#at(later, () => {
          const text =
            debtor.behaviour === "wrong" ? "wrong number" : random.float() < 0.5 ? "STOP" : "Stop, please";
          this.model.inbound(debtor.number, text);
        });
        break;
      case "disputes":
        this.#at(later, () => this.#hold(debtor));
        break;
      case "dead":
        break;
      case "silent":
        if (random.float() < 0.5)
          this.#at(later, () => this.model.inbound(debtor.number, "I will pay on Friday"));
    }
  }

  async #hold(debtor: Debtor): Promise<void> {
    const now = this.clock.now();
    const until = new Date(now + 20 * DAY_MS).toISOString().slice(0, 10);
    await this.life.ledger.placeHold(
      this.#books().id,
      { kind: "dispute", debtor: debtor.name, until, reason: "the amount is contested" },
      changeAt(now),
    );
    debtor.heldFrom = now;
    debtor.heldUntil = Date.parse(until);
  }

  #books(): Creditor {
    if (this.#creditor === undefined) throw new Error("the books are not open yet");
    return this.#creditor;
  }

  #planTroubles(): void {
    const random = this.#random;
    const dead = new Set(
      this.debtors.filter(({ behaviour }) => behaviour === "dead").map(({ number }) => number),
    );
    this.model.fate = (to) => (dead.has(to) ? "dead" : "delivered");
    for (let day = 1; day < this.#options.days; day++) {
      const at = day * DAY_MS + random.int(0, DAY_MS - 1);
      const kind = random.int(0, 19);
      if (kind === 0) this.#outage(at, random.int(1, 72) * HOUR_MS);
      else if (kind === 1) this.#lossyHours(at, random.int(1, 12) * HOUR_MS);
      else if (kind === 2) this.#jump(at, random.int(-6, 26) * HOUR_MS);
      else if (kind <= 6) this.#killSoon(at, random.int(1, 12));
      else if (kind === 7)
        this.#at(at, async () => {
          this.life.kill();
          await this.#restart();
        });
      else if (kind === 8)
        this.#at(at, () =>
          this.#live(async () => this.scans.push((await this.life.engine.scan()).differences)),
        );
      else if (kind >= 10 && kind <= 14) this.#at(at, () => this.#live(() => this.#approveAll()));
      else if (kind === 9)
        this.#at(at, () => this.#live(() => this.life.engine.operator.approveCatchUp("test")));
    }
  }

  async #approveAll(): Promise<void> {
    const waiting = this.life.engine.tasks.list({ state: "open", kind: "approve-message", limit: 100 });
    for (const { caseId } of waiting)
      if (caseId !== undefined) await this.life.engine.operator.approveMessage(caseId, "test");
  }

  /** At the n-th named place from then on. */
  #killSoon(at: number, places: number): void {
    this.#at(at, () => {
      this.#countdown = places;
    });
  }

  #outage(at: number, ms: number): void {
    this.#at(at, () => {
      this.model.down = true;
    });
    this.#at(at + ms, () => {
      this.model.down = false;
    });
  }

  #lossyHours(at: number, ms: number): void {
    const random = seededRandom(at % 1_000_003);
    this.#at(at, () => {
      this.model.loss = () => {
        const chance = random.float();
        return chance < 0.1 ? "request" : chance < 0.2 ? "answer" : undefined;
      };
    });
    this.#at(at + ms, () => {
      this.model.loss = () => undefined;
    });
  }

  /** Half of the jumps are taken back, the others are accepted by an operator. */
  #jump(at: number, ms: number): void {
    this.#at(at, () => this.clock.jumpWall(ms));
    if (this.#random.float() < 0.5) this.#at(at + 40 * 60_000, () => this.clock.jumpWall(-ms));
    else this.#at(at + 40 * 60_000, () => this.#live(() => this.life.engine.guard.accept()));
  }
}

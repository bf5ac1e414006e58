/**
 * A year of days over random debtors, judged by the book of what the network took: the numbers are those
 * of the invariants in the plan of the scheduler. `SEEDS=200 DEBTORS=2000` runs the long form.
 */
import { describe, expect, test } from "vitest";
import { zones } from "#test/scheduler/decide/law.ts";
import { shippedRules } from "#test/support/shipped-rules.ts";
import { Year } from "#test/support/year.ts";
import { DAY_MS, type Debtor, HOUR_MS } from "#test/support/year-world.ts";

const SEEDS = Number(process.env.SEEDS ?? 3);
const DEBTORS = Number(process.env.DEBTORS ?? 40);
const DAYS = Number(process.env.DAYS ?? 365);
/** Seeds that found a fault once. */
const KEPT_SEEDS = [110];
const FIRST_SEED = Number(process.env.SEED ?? 1);

const rulebook = shippedRules();

/** Local hours at which a text may be submitted, and whether on Sundays: wider than the law of the place. */
const HOURS: Readonly<Record<string, readonly [zone: string, from: number, until: number, sunday: boolean]>> =
  {
    ES: ["Europe/Madrid", 8, 21, true],
    DE: ["Europe/Berlin", 8, 21, true],
    FR: ["Europe/Paris", 8, 21, true],
    GB: ["Europe/London", 8, 21, true],
    CO: ["America/Bogota", 7, 19, false],
  };

function isDebt(reference: string, year: Year): boolean {
  const row = year.life.db.sql("select class from occurrence where key = ?").get(reference) as {
    class: string;
  };
  return row.class === "debt" || row.class === "formal";
}

function debtsOf(year: Year, debtor: Debtor) {
  return year.model.ledger.filter(({ to, reference }) => to === debtor.number && isDebt(reference, year));
}

function acceptedAt(year: Year, reference: string): number {
  return year.life.db
    .sql("select handed_over_at from occurrence where key = ?")
    .pluck()
    .get(reference) as number;
}

/** Numbers as printed by the invariants of the plan. */
function judge(year: Year): void {
  const { ledger, accepted } = year.model;
  expect(new Set(accepted.map(({ reference }) => reference)).size, "1: one message a key").toBe(
    accepted.length,
  );
  expect(ledger.length, "something was sent").toBeGreaterThan(0);
  for (const debtor of year.debtors) judgeDebtor(year, debtor);
  judgeHours(year);
  expect(
    year.scans.filter((differences) => differences !== 0),
    "20: no differences",
  ).toEqual([]);
  const silent = year.life.db
    .sql(
      "select count(*) from dunning_case where not exists (select 1 from decision where case_id = dunning_case.id)",
    )
    .pluck()
    .get();
  expect(silent, "18: no case without a decision").toBe(0);
  const stuck = year.life.db.sql("select detail from task where kind = 'case-stuck'").all();
  expect(stuck, "no case is stuck").toEqual([]);
}

function judgeDebtor(year: Year, debtor: Debtor): void {
  const debts = debtsOf(year, debtor);
  const who = `${debtor.name} (${debtor.behaviour}, ${debtor.jurisdiction})`;
  for (const submit of debts) {
    const at = acceptedAt(year, submit.reference);
    if (debtor.paidAt !== undefined)
      expect(at, `2: ${who} chased after payment`).toBeLessThanOrEqual(debtor.paidAt);
    if (debtor.heldFrom !== undefined)
      expect(at > debtor.heldFrom && at < (debtor.heldUntil ?? 0), `6: ${who} chased while held`).toBe(false);
  }
  const stop = year.life.db
    .sql("select min(at) from reply where number = ? and intent in ('stop', 'wrong-party')")
    .pluck()
    .get(debtor.number) as number | null;
  if (stop !== null) {
    const after = year.model.ledger.filter(
      ({ to, reference }) => to === debtor.number && acceptedAt(year, reference) > stop,
    );
    expect(after.length, `5: ${who} after STOP`).toBeLessThanOrEqual(1);
  }
  const [zone] = HOURS[debtor.jurisdiction] as (typeof HOURS)[string];
  const days = debts.map(({ at }) => zones.dateAt(at, zone));
  expect(new Set(days).size, `7: ${who} two debt texts on one day`).toBe(days.length);
  for (const { at } of debts) {
    const week = debts.filter((other) => other.at > at - 7 * DAY_MS && other.at <= at).length;
    expect(week, `4: ${who} in seven days`).toBeLessThanOrEqual(3);
  }
  if (debtor.behaviour === "silent" && (debtor.invoicedAt ?? 0) < year.clock.now() - 90 * DAY_MS)
    expect(debts.length, `1: ${who} was lost`).toBeGreaterThan(0);
}

function judgeHours(year: Year): void {
  for (const { to, at, reference } of year.model.ledger) {
    if (!isDebt(reference, year)) continue;
    const debtor = year.debtors.find(({ number }) => number === to) as Debtor;
    const [zone, from, until, sunday] = HOURS[debtor.jurisdiction] as (typeof HOURS)[string];
    const { date, minute } = zones.timeAt(at, zone);
    const what = `3: ${debtor.name} in ${debtor.jurisdiction} at ${date} ${Math.floor(minute / 60)}:${minute % 60}`;
    expect(minute >= from * 60 && minute < until * 60, what).toBe(true);
    if (!sunday) expect(new Date(date).getUTCDay(), what).not.toBe(0);
  }
  const perHour = new Map<number, number>();
  for (const { at, segments } of year.model.ledger) {
    const hour = Math.floor(at / HOUR_MS);
    perHour.set(hour, (perHour.get(hour) ?? 0) + segments);
  }
  expect(Math.max(...perHour.values()), "8: segments in an hour").toBeLessThanOrEqual(2 * 60 * 60);
}

describe("a year of days", () => {
  test.each([...KEPT_SEEDS, ...Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i)])(
    "seed %i holds every invariant",
    async (seed) => {
      const year = new Year({ seed, debtors: DEBTORS, days: DAYS, zones, rulebook });
      try {
        await year.run();
        judge(year);
        expect(year.kills, "the process was killed at named places").toBeGreaterThan(0);
      } finally {
        year.remove();
      }
    },
  );
});

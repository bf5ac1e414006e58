/** The invariants that show in how everything stands at the end of the year. */
import { createHash } from "node:crypto";
import { START, verify } from "#scheduler/evidence/chain.ts";
import { eventsAfter } from "#scheduler/evidence/store.ts";
import { openOf } from "#test/scheduler/year/book.ts";
import { DAY_MS, HOUR_MS } from "#test/scheduler/year/world.ts";
import { FLEET, SEGMENTS_PER_MINUTE, type Year } from "#test/scheduler/year/year.ts";
import type { Text, Verdicts } from "./evidence.ts";

/** What may lie at the gateway, but for answers: a quarter of an hour of the fleet, and one text. */
const HAND_OVER_MINUTES = 15;
const ONE_TEXT_SEGMENTS = 6;
/** Where the year ends later than this after the first bill, a silent debtor has heard of it more than once. */
const LONG_ENOUGH_MS = 110 * DAY_MS;
const FAILURES_TO_RETIRE = 3;

export function judgeStanding(year: Year, texts: readonly Text[], verdicts: Verdicts): void {
  judgeOnce(year, texts, verdicts);
  const room = HAND_OVER_MINUTES * SEGMENTS_PER_MINUTE * FLEET.sims.length + ONE_TEXT_SEGMENTS;
  verdicts.check(
    8,
    year.model.queuedMax <= room,
    () => `${year.model.queuedMax} segments lay at the gateway`,
  );
  judgeLedger(year, verdicts);
  judgeCases(year, verdicts);
  for (const differences of year.scans)
    verdicts.check(20, differences === 0, () => `the full scan found ${differences} differences`);
  judgeNumbers(year, texts, verdicts);
  judgeSaidOnce(year, verdicts);
  judgeChain(year, verdicts);
}

/** 1, 21: each key once, nothing half done, nobody forgotten. */
function judgeOnce(year: Year, texts: readonly Text[], verdicts: Verdicts): void {
  const keys = year.model.accepted.map(({ reference }) => reference);
  verdicts.check(1, new Set(keys).size === keys.length, () => "a key was accepted twice");
  const left = new Set(texts.map(({ reference }) => reference));
  verdicts.check(1, left.size === texts.length, () => "a key was sent twice");
  const stuck = year.life.db
    .sql(
      "select key from occurrence where state in ('reserved', 'handed-over', 'submitted') and planned_for < ?",
    )
    .pluck()
    .all(year.clock.now() - 12 * HOUR_MS);
  verdicts.check(1, stuck.length === 0, () => `never came to an end: ${stuck}`);
  for (const person of year.people) {
    if (
      person.behaviour !== "silent" ||
      year.clock.monotonic() - (person.since ?? Number.NaN) < LONG_ENOUGH_MS
    )
      continue;
    const heard = texts.filter((text) => text.person === person && text.kind === "debt").length;
    // Where an operator let much wait for a yes, the last notice may be all that was left to say.
    const isHandedOver = heard > 0 && isWithStaff(year, person.name);
    verdicts.check(
      1,
      heard >= 2 || isHandedOver,
      () => `${person.name} was lost: ${heard} texts in the year`,
    );
  }
  verdicts.check(
    21,
    year.weather.some(({ good }) => !good),
    () => "the year had no bad weather",
  );
}

function isWithStaff(year: Year, name: string): boolean {
  const stages = year.life.db
    .sql("select stage from dunning_case c join debtor d on d.id = c.debtor_id where d.external_id = ?")
    .pluck()
    .all(name);
  return stages.every((stage) => stage === "handover");
}

/** 11: the ledger's sums are the world's. */
function judgeLedger(year: Year, verdicts: Verdicts): void {
  const rows = year.life.db.sql(
    `select principal + (select coalesce(sum(amount), 0) from posting where receivable_id = receivable.id) as open
     from receivable where external_id = ? and is_open = 1`,
  );
  const now = year.book.now();
  for (const { bills } of year.people)
    for (const bill of bills) {
      const open = BigInt((rows.pluck().get(bill.id) as number | undefined) ?? 0);
      verdicts.check(11, open === openOf(bill, now), () => `${bill.id}: ${open}, not ${openOf(bill, now)}`);
    }
}

/** 12, 18: every open case has a time or a reason, no time has passed unseen, and no case is without a word. */
function judgeCases(year: Year, verdicts: Verdicts): void {
  const rows = year.life.db
    .sql(
      `select code, next_action_at as next, settled_at as settled,
         (select kind from decision where case_id = dunning_case.id order by at desc limit 1) as kind,
         (select rules from decision where case_id = dunning_case.id order by at desc limit 1) as rules
       from dunning_case`,
    )
    .all() as {
    code: string;
    next: number | null;
    settled: number | null;
    kind: string | null;
    rules: string | null;
  }[];
  const overdue = year.clock.now() - HOUR_MS;
  for (const { code, next, settled, kind, rules } of rows) {
    const placed = next === null ? kind === "stop" || kind === "hold" : next > overdue;
    verdicts.check(12, settled !== null || placed, () => `${code}: ${kind}, next ${next}`);
    verdicts.check(18, kind !== null && rules !== "[]", () => `${code} has no decision with rules`);
  }
  const failed = year.life.db.sql("select detail from task where kind = 'case-stuck'").pluck().all();
  verdicts.check(12, failed.length === 0, () => `stuck: ${failed}`);
}

/** 22: dead numbers are retired after so many, and a number that is not dead never is. */
function judgeNumbers(year: Year, texts: readonly Text[], verdicts: Verdicts): void {
  const states = year.life.db.sql("select distinct state from contact_point where number = ?").pluck();
  for (const { behaviour, lines } of year.people) {
    const number = lines[0]?.number ?? "";
    const retired = (states.all(number) as string[]).includes("retired");
    const reached = texts.filter(({ to }) => to === number).length;
    const dead = behaviour === "dead" && reached >= FAILURES_TO_RETIRE;
    verdicts.check(
      22,
      retired === dead,
      () => `${number} (${behaviour}, ${reached} texts) retired: ${retired}`,
    );
  }
}

/** 12: whatever the policies became in the year, no step is said twice of one debt. */
function judgeSaidOnce(year: Year, verdicts: Verdicts): void {
  const again = year.life.db
    .sql(
      `select o.case_id || ' ' || o.step_id as said, count(*) as times
       from occurrence o, json_each(o.covers) cover
       where o.state in ('submitted', 'unknown', 'delivered') and o.step_id <> 'first-contact'
         and o.class in ('debt', 'formal') and cover.value ->> 'superseded' is null
         and cover.value ->> 'stepId' = o.step_id
       group by o.case_id, cover.value ->> 'receivableId', cover.value ->> 'dueDateSequence', o.step_id
       having times > 1`,
    )
    .all();
  verdicts.check(12, again.length === 0, () => `said again: ${JSON.stringify(again.slice(0, 3))}`);
}

/** 19: the chain of what was witnessed holds from its beginning to its end. */
function judgeChain(year: Year, verdicts: Verdicts): void {
  const verdict = verify(eventsAfter(year.life.db, START.sequence));
  verdicts.check(19, verdict.ok, () => `the chain of evidence: ${JSON.stringify(verdict)}`);
  verdicts.check(19, !verdict.ok || verdict.count > 0, () => "nothing was witnessed");
}

/** Everything that facts make; times of looking are left out. */
export function digestOf(year: Year): string {
  const parts = [
    "select external_id, state, is_open, disputed, due_date, principal from receivable order by id",
    "select external_id, kind, amount, reversed_at is null from ledger_entry order by id",
    "select key, state, reason, contact_at, submitted_at, delivered_at from occurrence order by id",
    "select number, state, score, permanent_failures, listed from contact_point order by id",
    "select code, stage, episode, settled_as from dunning_case order by id",
    "select id, intent from reply order by id",
    "select kind, subject, closed_at is null from task order by id",
  ];
  const hash = createHash("sha256");
  for (const sql of parts) hash.update(JSON.stringify(year.life.db.sql(sql).all()));
  return hash.digest("hex");
}

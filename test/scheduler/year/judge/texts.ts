/** The invariants that one text, or the texts of one number, can break. */
import { atTime, inside, openOf, type Person, type Span } from "#test/scheduler/year/book.ts";
import { AGENCY } from "#test/scheduler/year/people.ts";
import { DAY_MS, HOUR_MS } from "#test/scheduler/year/world.ts";
import type { Year } from "#test/scheduler/year/year.ts";
import { describe, type Text, type Verdicts } from "./evidence.ts";
import { type Hours, STAGES, STRANGER_DAYS } from "./law.ts";
import { daysBetween, type Wall, wallAt } from "./wall.ts";

/** A text costs no more than this, in all policies of the year. */
const SEGMENTS_MAX = 6;
/** After a payment a message that waits at the gateway is taken back within this, where nothing is in the way. */
const RECALL_WITHIN_MS = 60_000;
/** Calm of this length before and after: nothing is in the way. */
const CALM_MS = 15 * 60_000;

export function judgeTexts(year: Year, texts: readonly Text[], verdicts: Verdicts): void {
  for (const text of texts) {
    if (text.kind !== "answer") judgeHours(text, verdicts);
    judgeWords(text, verdicts);
    if (text.kind === "first" || text.kind === "promise") judgeHolds(text, verdicts);
    if (text.kind !== "debt") continue;
    judgeMoney(year, text, verdicts);
    judgeHolds(text, verdicts);
    judgePreventive(text, verdicts);
  }
  judgeContacts(texts, verdicts);
  judgeStops(year, texts, verdicts);
  judgeStages(texts, verdicts);
  judgeStrangers(texts, verdicts);
}

/** 3: the hours of the law and of the policy, in every zone where the debtor may be. */
function judgeHours(text: Text, verdicts: Verdicts): void {
  const { law, policy, walls } = text;
  for (const wall of walls) {
    const open = inHours(law.hours[wall.weekday], wall) && inHours(policy.hours[wall.weekday], wall);
    verdicts.check(
      3,
      open && !law.holidays.has(wall.date),
      () => `${JSON.stringify(wall)} ${describe(text)}`,
    );
  }
}

function inHours(hours: Hours | undefined, { minute }: Wall): boolean {
  return hours !== undefined && minute >= hours[0] && minute < hours[1];
}

/** 17: no hole, no flood. */
function judgeWords(text: Text, verdicts: Verdicts): void {
  const whole = !/\{\{|\}\}|undefined|NaN|\bnull\b|Invalid Date/.test(text.text);
  verdicts.check(17, whole && text.segments <= SEGMENTS_MAX, () => describe(text));
}

/** 2, 11, 13: what is asked for is owed at the instant of hand-over, to the last unit, and is one case's. */
function judgeMoney(year: Year, text: Text, verdicts: Verdicts): void {
  const { bills, amount, order, policy } = text;
  const [currency = ""] = new Set(bills.map((bill) => bill.currency));
  verdicts.check(
    13,
    bills.every((bill) => bill.currency === currency),
    () => `mixed ${describe(text)}`,
  );
  const open = bills.reduce((sum, bill) => sum + openOf(bill, order), 0n);
  verdicts.check(11, amount === open, () => `${open} was open. ${describe(text)}`);
  const minimum = currency === "EUR" ? policy.minimum : 0n;
  verdicts.check(2, open > minimum && bills.every((bill) => openOf(bill, order) > 0n), () => describe(text));
  judgeRecall(year, text, verdicts);
  if (text.stage === "preventive" || text.stage === "due") return;
  // A bank that has never said anything has promised nothing.
  const feed = year.book.feed.findLast((one) => one.order <= order);
  if (feed === undefined) return;
  const age = text.acceptedAt - feed.asOf;
  verdicts.check(
    2,
    age <= policy.feedHours * HOUR_MS,
    () => `stale by ${age / HOUR_MS} h. ${describe(text)}`,
  );
}

/** 2: paid while it waited at the gateway, and all was well: it is taken back. */
function judgeRecall(year: Year, text: Text, verdicts: Verdicts): void {
  const { order, monotonicAt, bills } = text;
  const payments = bills.flatMap(({ money }) => money).filter((one) => one.order > order && one.amount < 0n);
  const [first] = payments.sort((a, b) => a.order - b.order);
  if (first === undefined || first.at >= monotonicAt) return;
  const calm = isCalm(year, first.at - CALM_MS, monotonicAt);
  verdicts.check(
    2,
    !calm || monotonicAt - first.at <= RECALL_WITHIN_MS,
    () => `not taken back: ${describe(text)}`,
  );
}

function isCalm(year: Year, from: number, until: number): boolean {
  const before = year.weather.findLast(({ at }) => at <= from);
  return (before?.good ?? true) && year.weather.every(({ at, good }) => good || at <= from || at > until);
}

/** 6: nothing about a person, a case or a bill on hold, nor about a bill in dispute. */
function judgeHolds(text: Text, verdicts: Verdicts): void {
  const { person, bills, order, walls } = text;
  const [bill] = bills;
  const inForce = (span: Span): boolean =>
    inside([span], order) &&
    (span.currency === undefined || span.currency === bill?.currency) &&
    (span.lastDay === undefined || walls.every(({ date }) => date <= (span.lastDay as string)));
  const spans = [...person.held, ...bills.flatMap((one) => [...one.held, ...one.disputed])];
  verdicts.check(6, !spans.some(inForce), () => `on hold: ${describe(text)}`);
}

/** 8: a note for a day that is past is no note. */
function judgePreventive(text: Text, verdicts: Verdicts): void {
  if (text.stage !== "preventive" && text.stage !== "due") return;
  for (const bill of text.bills) {
    const due = atTime(bill.dues, text.order)?.date ?? "";
    verdicts.check(
      8,
      text.walls.some(({ date }) => date <= due),
      () => `due ${due}: ${describe(text)}`,
    );
  }
}

/** 4, 8: caps and spacings over everything that reached a person or a number, whatever it was about. */
function judgeContacts(texts: readonly Text[], verdicts: Verdicts): void {
  const sorted = [...texts].sort((a, b) => a.monotonicAt - b.monotonicAt);
  const byNumber = new Map<string, Text[]>();
  const byPerson = new Map<Person, Text[]>();
  for (const text of sorted) {
    const before = new Set([...(byNumber.get(text.to) ?? []), ...(byPerson.get(text.person) ?? [])]);
    if (text.kind !== "answer") {
      judgeCaps(text, [...before], verdicts);
      push(byNumber, text.to, text);
      push(byPerson, text.person, text);
    }
  }
}

function push<Key>(map: Map<Key, Text[]>, key: Key, text: Text): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [text]);
  else list.push(text);
}

function judgeCaps(text: Text, before: readonly Text[], verdicts: Verdicts): void {
  const { law, policy, at, zones, walls } = text;
  const past = before.filter((one) => one.at <= at);
  for (const { count, days } of [...law.caps, ...policy.caps]) {
    const sameDay = (one: Text): boolean =>
      one.at > at - 2 * DAY_MS && zones.some((zone, i) => wallAt(one.at, zone).date === walls[i]?.date);
    // A week is seven times 24 hours; the one text a day of the house is a day on the wall.
    const near = past.filter((one) => (days === 1 ? sameDay(one) : one.at > at - days * DAY_MS)).length;
    verdicts.check(4, near < count, () => `${near + 1} in ${days} days: ${describe(text)}`);
  }
  const last = past.at(-1);
  if (last !== undefined && law.spacingDays > 0)
    verdicts.check(4, at - last.at >= law.spacingDays * DAY_MS, () => `too near: ${describe(text)}`);
  const debt = past.findLast(({ kind }) => kind === "debt");
  if (text.kind !== "debt" || debt === undefined) return;
  const apart = zones.map((zone, i) => daysBetween(wallAt(debt.at, zone).date, walls[i]?.date ?? ""));
  verdicts.check(
    4,
    apart.every((days) => days >= policy.spacingDays),
    () => `${apart} days: ${describe(text)}`,
  );
}

/** 5: after a STOP, or from a wrong person, one answer at most and nothing else, until a START. */
function judgeStops(year: Year, texts: readonly Text[], verdicts: Verdicts): void {
  const { heard } = year.book;
  for (const [index, said] of heard.entries()) {
    if (said.word !== "stop" && said.word !== "wrong") continue;
    const rest = heard.slice(index + 1).filter(({ number }) => number === said.number);
    const until = rest.find(({ word }) => word === "start")?.order ?? Number.POSITIVE_INFINITY;
    const after = texts.filter(({ to, order }) => to === said.number && order > said.order && order < until);
    const allowed = after.length <= 1 && after.every(({ kind }) => kind === "answer");
    verdicts.check(5, allowed, () => `${said.word}: ${after.map(describe).join(" | ")}`);
  }
}

/** 7: per anchor the stage never falls, and no case speaks twice on one local day. */
function judgeStages(texts: readonly Text[], verdicts: Verdicts): void {
  const loudest = new Map<string, number>();
  const spoken = new Set<string>();
  for (const text of texts) {
    if (text.kind !== "debt") continue;
    const rank = STAGES.indexOf(text.stage as (typeof STAGES)[number]);
    verdicts.check(7, rank >= (loudest.get(text.anchor) ?? 0), () => `softer again: ${describe(text)}`);
    loudest.set(text.anchor, Math.max(rank, loudest.get(text.anchor) ?? 0));
    const day = `${text.person.name} ${text.bills[0]?.currency} ${text.walls[0]?.date}`;
    verdicts.check(7, !spoken.has(day), () => `twice a day: ${describe(text)}`);
    spoken.add(day);
  }
}

/** 23: from a collector no number reads of a debt before a text that tells nothing, and some days to say "wrong". */
function judgeStrangers(texts: readonly Text[], verdicts: Verdicts): void {
  const asked = new Map<string, Text>();
  for (const text of texts.filter(({ person }) => person.segment === AGENCY)) {
    const whom = `${text.person.name} ${text.to}`;
    if (text.kind === "first") {
      verdicts.check(23, text.amount === undefined, () => `a sum: ${describe(text)}`);
      if (!asked.has(whom)) asked.set(whom, text);
    }
    if (text.kind !== "debt") continue;
    const first = asked.get(whom);
    // On the calendar of where they live now: who moved has another one than when the first text came.
    const days = first && daysBetween(wallAt(first.at, text.zones[0] ?? "").date, text.walls[0]?.date ?? "");
    verdicts.check(23, (days ?? 0) > STRANGER_DAYS, () => `after ${days ?? "no"} days: ${describe(text)}`);
  }
}

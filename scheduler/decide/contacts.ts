/**
 * How soon the debtor may be written to again: caps and spacings of the law and of the policy, over all
 * cases and channels. `unknown` counts as sent. Every rule is asked; the latest answer holds.
 *
 * A cap over days counts twice, and the stricter count wins: in any stretch of 24 hours times `days`, and
 * in any `days` calendar days in a row. That covers a law that says "week" without saying which.
 */
import type { ContactFact } from "#scheduler/ledger/facts.ts";
import type { MessageClass } from "#scheduler/ledger/types.ts";
import type { Law } from "#scheduler/policy/law/pack.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import type { Zones } from "#shared/local-date.ts";
import { isDebt } from "./spoken.ts";

const MS_PER_DAY = 86_400_000;

export interface ContactLimit {
  readonly rule: string;
  /** No contact before this instant. */
  readonly at: number;
  readonly detail: string;
}

interface Asked {
  readonly law: Law;
  readonly policy: ReadyPolicy;
  readonly contacts: readonly ContactFact[];
  readonly class: MessageClass;
  readonly zones: Zones;
  /** All zones the debtor may be in: a day is over when it is over in each. */
  readonly zoneNames: readonly string[];
}

/** Every rule about contacts with the instant from which it allows one; `at` 0 when it does at once. */
export function contactLimits(asked: Asked): ContactLimit[] {
  const { law, policy } = asked;
  // The one confirmation of an opt-out is owed by law and takes no room from anything.
  const contacts = asked.contacts.filter((contact) => contact.class !== "confirmation");
  const limits = law.caps.map((row) =>
    cap(asked, contacts, row.id, row.count, row.days, row.window === "rolling"),
  );
  for (const [i, own] of policy.document.caps.entries())
    limits.push(cap(asked, contacts, `policy.caps[${i}]`, own.count, own.days, true));
  for (const row of law.spacings) limits.push(spacing(asked, contacts, row.id, row.days, true));
  for (const row of law.singleChannel) {
    const others = contacts.filter((contact) => contact.channel !== "sms");
    const channels = `no other channel within ${days(row.days)}`;
    limits.push(spacing(asked, others, row.id, row.days, true, channels));
  }
  if (isDebt(asked)) {
    const debts = contacts.filter(({ class: kind }) => kind !== "thanks" && kind !== "service");
    limits.push(spacing(asked, debts, "policy.minimum-interval", policy.document.minimumInterval, false));
  }
  return limits;
}

function cap(
  asked: Asked,
  contacts: readonly ContactFact[],
  rule: string,
  count: number,
  length: number,
  rolling: boolean,
): ContactLimit {
  // The count-th latest contact has to be `length` days away before there is room for one more.
  const oldest = contacts[contacts.length - count];
  const most = `at most ${count} in ${days(length)}`;
  if (oldest === undefined) return { rule, at: 0, detail: `${most}: ${contacts.length} so far` };
  return { rule, at: awayFrom(asked, oldest.at, length, rolling), detail: `${most}, all cases and channels` };
}

function spacing(
  asked: Asked,
  contacts: readonly ContactFact[],
  rule: string,
  count: number,
  rolling: boolean,
  least = `at least ${days(count)} between contacts`,
): ContactLimit {
  const last = contacts.at(-1);
  if (last === undefined) return { rule, at: 0, detail: `${least}: none so far` };
  return { rule, at: awayFrom(asked, last.at, count, rolling), detail: least };
}

/** The first instant that is `days` calendar days after `at` in every zone, and that many times 24 hours. */
function awayFrom(asked: Asked, at: number, days: number, rolling: boolean): number {
  let free = rolling ? at + days * MS_PER_DAY : 0;
  for (const zone of asked.zoneNames) {
    const day = asked.zones.dayAt(at, zone) + days;
    free = Math.max(free, asked.zones.instantOn(day, 0, zone));
  }
  return free;
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

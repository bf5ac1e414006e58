/** A row of law in one sentence, for people. */
import { hoursText, weekOf } from "#scheduler/policy/hours.ts";
import type { LawRow, LawRowOf } from "./rows.ts";

export function describeRow(row: LawRow): string {
  return `${ruleText(row)}${scopeOf(row)}`;
}

function ruleText(row: LawRow): string {
  switch (row.kind) {
    case "contact-hours":
      return `Contact ${hoursText(weekOf(row.hours))}${row.holidays === "closed" ? ", not on public holidays" : ""}`;
    case "cap":
      return `At most ${row.count} in ${days(row.days)}`;
    case "spacing":
      return `At least ${days(row.days)} between contacts`;
    case "single-channel":
      return `One channel in ${days(row.days)}`;
    case "notice":
      return `Every text carries the notice "${row.notice}"`;
    case "authorised-channels":
      return "Only by channels that the debtor authorised";
    case "never-ask-why":
      return "No text may ask why the debt is unpaid";
    case "fee-cap":
      return feeText(row);
    case "interest-cap":
      return `Interest: ${row.pointsAbove} points above the ${row.reference}, simple, on the principal`;
    case "lump-sum":
      return `Lump sum: ${row.steps.map(({ below, amount }) => `${amount} ${row.currency}${below ? ` below ${below}` : ""}`).join(", ")}`;
    case "hold":
      return `${row.statement}${row.days === undefined ? "" : ` (${days(row.days)})`}`;
    case "opt-out":
      return [
        row.words.length > 0 ? `Words that stop: ${row.words.join(", ")}` : "",
        row.confirmationsMax === undefined ? "" : `${row.confirmationsMax} confirmation`,
        row.withinDays === undefined ? "" : `honoured within ${row.withinDays} business days`,
      ]
        .filter((part) => part !== "")
        .join("; ");
    case "duty":
      return row.statement;
  }
}

function feeText(row: LawRowOf<"fee-cap">): string {
  const parts = Object.entries(row.perReminder ?? {}).map(
    ([currency, amount]) => `${amount} ${currency} a reminder`,
  );
  if (row.firstFree) parts.push("the first is free");
  if (row.waitDays !== undefined) parts.push(`none in the ${days(row.waitDays)} after it`);
  if (row.remindersMax !== undefined) parts.push(`at most ${row.remindersMax} reminders`);
  if (row.daysBetween !== undefined) parts.push(`at least ${days(row.daysBetween)} apart`);
  for (const { upTo, base, percent, above, max, min } of row.total ?? []) {
    const share = percent > 0 ? ` + ${percent} % above ${above}` : "";
    const limits = `${min === undefined ? "" : `, at least ${min}`}${max === undefined ? "" : `, at most ${max}`}`;
    parts.push(
      `in all ${base}${share}${limits} ${row.currency ?? ""}${upTo === undefined ? "" : ` for debts up to ${upTo}`}`,
    );
  }
  return `Fees: ${parts.join("; ")}`;
}

function scopeOf({ role, debtor, region }: LawRow): string {
  const parts = [
    role === "collector" ? "who collects for others" : role === "creditor" ? "own debts" : "",
    debtor === undefined ? "" : `${debtor} debtors`,
    region ?? "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function days(count: number): string {
  return count === 1 ? "1 day" : `${count} days`;
}

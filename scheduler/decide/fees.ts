/**
 * Dunning fees in the ledger against the caps of the law. A text that asks for more than the law allows
 * does not leave: the amount in it is the ledger's sum, so the fee has to be put right there first.
 */
import type { ReceivableFacts } from "#scheduler/ledger/facts.ts";
import type { LawRowOf } from "#scheduler/policy/law/rows.ts";
import { dayNumber } from "#shared/local-date.ts";
import { parseDecimal } from "#shared/money.ts";
import { type CaseView, hold, moneyText } from "./case-view.ts";
import type { Decision } from "./types.ts";

type FeeCap = LawRowOf<"fee-cap">;

export function refuseFees(view: CaseView, items: readonly ReceivableFacts[]): Decision | undefined {
  const charged = items.filter(({ fees }) => fees > 0n);
  for (const item of charged)
    for (const row of view.law.feeCaps) {
      const limit = feeLimit(view, row, item);
      if (limit === undefined || item.fees <= limit) continue;
      return hold(
        view,
        row.id,
        `${item.externalId} carries fees of ${moneyText(view, item.fees)}, the law allows ${moneyText(view, limit)}`,
        {
          effects: [{ kind: "task", task: "fee-over-cap", detail: `Take back fees on ${item.externalId}.` }],
        },
      );
    }
  if (charged.length > 0) view.trail.passed("law.fees", "fees are within every cap");
  return undefined;
}

/** Minor units, or undefined when the row says nothing about this item. */
function feeLimit(view: CaseView, row: FeeCap, item: ReceivableFacts): bigint | undefined {
  const limits = [reminderLimit(view, row, item), totalLimit(row, item)].filter(
    (limit): limit is bigint => limit !== undefined,
  );
  return limits.length === 0 ? undefined : limits.reduce((a, b) => (a < b ? a : b));
}

function reminderLimit(view: CaseView, row: FeeCap, item: ReceivableFacts): bigint | undefined {
  const each = row.perReminder?.[item.currency];
  if (each === undefined) return undefined;
  const count = chargeable(view, row, item);
  return count === undefined ? undefined : parseDecimal(each, item.currency) * BigInt(count);
}

/** How many reminders may have cost something by now, the coming one included. A first contact reminds of nothing. */
function chargeable(view: CaseView, row: FeeCap, item: ReceivableFacts): number | undefined {
  const due = dayNumber(item.dueDate);
  const most = row.remindersMax;
  const seen = view.zones.dayAt(item.firstSeenAt, view.zone);
  // What was already late when the ledger first saw it may have been reminded by letter before.
  if (seen > due) return most;
  const said = (view.spoken.get(item.id) ?? []).filter(
    ({ day, stepId, cover }) =>
      day > due && cover.superseded !== true && stepId !== view.policy.firstContact?.id,
  );
  const first = said[0]?.day;
  if (row.waitDays !== undefined && (first === undefined || view.today <= first + row.waitDays)) return 0;
  const count = said.length + 1 - (row.firstFree ? 1 : 0);
  return most === undefined ? count : Math.min(count, most);
}

/** Of the bracket that the principal falls into: `base` plus `percent` of what is above `above`. */
function totalLimit(row: FeeCap, item: ReceivableFacts): bigint | undefined {
  const { currency, total } = row;
  if (total === undefined || currency !== item.currency) return undefined;
  const minor = (text: string): bigint => parseDecimal(text, currency);
  const bracket = total.find(({ upTo }) => upTo === undefined || item.principal <= minor(upTo));
  if (bracket === undefined) return undefined;
  const above = item.principal - minor(bracket.above);
  const part = above > 0n ? (above * BigInt(Math.round(bracket.percent * 100))) / 10_000n : 0n;
  let limit = minor(bracket.base) + part;
  if (bracket.min !== undefined && limit < minor(bracket.min)) limit = minor(bracket.min);
  if (bracket.max !== undefined && limit > minor(bracket.max)) limit = minor(bracket.max);
  return limit;
}

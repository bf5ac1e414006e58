/** The ledger's rows as the contract shows them. */
import type { z } from "zod";
import { iso, maybe } from "#scheduler/http/render.ts";
import { casesOfDebtor } from "#scheduler/ledger/due.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import { feedsOf } from "#scheduler/ledger/feeds.ts";
import { holdsOf } from "#scheduler/ledger/holds.ts";
import { contactPointsOf } from "#scheduler/ledger/parties.ts";
import type { StoredContactPoint } from "#scheduler/ledger/plan-contacts.ts";
import type { StoredEntry, StoredReceivable } from "#scheduler/ledger/plan-items.ts";
import type { StoredCreditor, StoredDebtor } from "#scheduler/ledger/plan-parties.ts";
import { openOf } from "#scheduler/ledger/receivables.ts";
import type { FeedStatus, Hold, RowId } from "#scheduler/ledger/types.ts";
import { decimalText } from "#shared/money.ts";
import type { Database } from "#shared/sqlite.ts";
import type * as answers from "./answers.ts";
import { present } from "./inputs.ts";

export function renderCreditor(db: Database, row: StoredCreditor): z.output<typeof answers.Creditor> {
  const { id, externalId, asOf: _asOf, paymentInstructions, ...rest } = row;
  return {
    id: externalId,
    ...present(rest),
    paymentInstructions: { ...paymentInstructions },
    feeds: feedsOf(db, id).map(renderFeed),
  };
}

export function renderFeed({ source, carries, asOf, receivedAt }: FeedStatus): z.output<typeof answers.Feed> {
  return { source, carries, asOf: iso(asOf), receivedAt: iso(receivedAt) };
}

export function renderDebtor(
  db: Database,
  creditor: string,
  row: StoredDebtor,
): z.output<typeof answers.Debtor> {
  const { id, externalId, creditorId: _creditorId, asOf: _asOf, ...rest } = row;
  return {
    id: externalId,
    creditor,
    ...present(rest),
    contactPoints: contactPointsOf(db, id).map(renderContactPoint),
    cases: casesOfDebtor(db, id).map(({ code, currency, stage }) => ({ case: code, currency, stage })),
    holds: holdsOf(db, id).map(renderHold),
  };
}

function renderContactPoint(point: StoredContactPoint): z.output<typeof answers.ContactPoint> {
  const { channel, number, country, consent, state, score, rank, listed } = point;
  const { at, ...said } = consent;
  return {
    channel,
    number,
    consent: { ...said, ...maybe("at", at) },
    state,
    score,
    rank,
    listed,
    ...present({ country }),
  };
}

export function renderHold(hold: Hold): z.output<typeof answers.Hold> {
  const { id, kind, scope, until, reviewer, reason, placedBy, placedAt, endedAt } = hold;
  return {
    id,
    kind,
    scope,
    ...present({ until, reviewer }),
    reason,
    placedBy,
    placedAt: iso(placedAt),
    ...maybe("endedAt", endedAt),
  };
}

export function renderReceivable(db: Database, row: StoredReceivable): z.output<typeof answers.Receivable> {
  const { externalId, debtor, currency, principal, issueDate, dueDate, description, state, disputed } = row;
  return {
    id: externalId,
    debtor,
    case: codeOf(db, row.caseId),
    currency,
    principal: decimalText(principal, currency),
    open: decimalText(openOf(db, row), currency),
    dueDate,
    state,
    disputed,
    ...present({ issueDate, description, version: row.version }),
  };
}

export function renderEntry(db: Database, row: StoredEntry): z.output<typeof answers.Entry> {
  const { externalId, kind, debtor, references, currency, amount, date, version } = row;
  return {
    id: externalId,
    kind,
    references: [...references],
    currency,
    amount: decimalText(amount, currency),
    date,
    recordedAt: iso(row.recordedAt),
    ...maybe("reversedAt", row.reversedAt),
    ...present({ debtor, version }),
    ...(row.caseId === undefined ? {} : { case: codeOf(db, row.caseId) }),
  };
}

export function codeOf(db: Database, caseId: RowId): string {
  return db.sql("select code from dunning_case where id = ?").pluck().get(caseId) as string;
}

export function renderCase(facts: CaseFacts): z.output<typeof answers.Case> {
  const { code, currency, stage, settledAt, settledAs, nextActionAt } = facts.case;
  const money = (minor: bigint): string => decimalText(minor, currency);
  return {
    case: code,
    creditor: facts.creditor.externalId,
    debtor: facts.debtor.externalId,
    currency,
    stage,
    openTotal: money(facts.openTotal),
    unallocatedCredit: money(facts.unallocatedCredit),
    ...maybe("settledAt", settledAt),
    ...present({ settledAs }),
    ...maybe("nextActionAt", nextActionAt),
    receivables: facts.receivables.map((item) => ({
      id: item.externalId,
      dueDate: item.dueDate,
      principal: money(item.principal),
      open: money(item.open),
      fees: money(item.fees),
      interest: money(item.interest),
      credited: money(item.credited),
      disputed: item.disputed,
    })),
    holds: facts.holds.map(renderHold),
    ...(facts.lastPayment === undefined
      ? {}
      : { lastPayment: { amount: money(facts.lastPayment.amount), date: facts.lastPayment.date } }),
  };
}

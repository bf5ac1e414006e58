/**
 * Reads `CaseFacts`, many cases in one go. All reads happen in one turn of the event loop on one
 * connection, between two transactions, so that a snapshot never shows half a change.
 */
import type { Database } from "#shared/sqlite.ts";
import { type CaseFacts, CONTACT_HISTORY_MS, type ContactFact, type ContactPointFacts } from "./facts.ts";
import { feedsOf } from "./feeds.ts";
import { holdsOf } from "./holds.ts";
import { type OccurrenceRow, occurrenceOf } from "./occurrences.ts";
import { openReceivables, readCredit } from "./open-items.ts";
import { promisesOf } from "./promises.ts";
import {
  type CaseRow,
  type ContactPointRow,
  type CreditorRow,
  caseOf,
  contactPointOf,
  creditorOf,
  type DebtorRow,
  debtorOf,
} from "./rows.ts";
import { PROMISE_OPEN } from "./states.ts";
import type { Creditor, Debtor, FeedStatus, Hold, PaymentPromise, RowId } from "./types.ts";
import type { ZoneCandidates } from "./zones.ts";

interface CreditorFacts {
  readonly creditor: Creditor;
  readonly feeds: readonly FeedStatus[];
}

/** Reads one case, inside a transaction or between two; undefined when there is no such case. */
export type FactsReader = (caseId: RowId, now: number) => CaseFacts | undefined;

export function createFactsReader(db: Database, zones: ZoneCandidates): FactsReader {
  return (caseId, now) => readFacts(db, zones, [caseId], now).get(caseId);
}

/** Many cases; the rows that they share are read once. Cases that do not exist are left out. */
export function readFacts(
  db: Database,
  zones: ZoneCandidates,
  caseIds: readonly RowId[],
  now: number,
): Map<RowId, CaseFacts> {
  const creditors = new Map<RowId, CreditorFacts>();
  const facts = new Map<RowId, CaseFacts>();
  for (const id of caseIds) {
    const row = db.sql("select * from dunning_case where id = ?").get(id) as CaseRow | undefined;
    if (row === undefined) continue;
    let shared = creditors.get(row.creditor_id);
    if (shared === undefined) {
      shared = readCreditor(db, row.creditor_id);
      creditors.set(row.creditor_id, shared);
    }
    facts.set(id, readCase(db, zones, row, shared, now));
  }
  return facts;
}

function readCreditor(db: Database, id: RowId): CreditorFacts {
  const row = db.sql("select * from creditor where id = ?").get(id) as CreditorRow;
  return { creditor: creditorOf(row), feeds: feedsOf(db, id) };
}

function readCase(
  db: Database,
  zones: ZoneCandidates,
  row: CaseRow,
  shared: CreditorFacts,
  now: number,
): CaseFacts {
  const debtorCase = caseOf(row);
  const debtor = debtorOf(db.sql("select * from debtor where id = ?").get(row.debtor_id) as DebtorRow);
  const receivables = openReceivables(db, row.id, row.currency);
  const credit = readCredit(db, row.id);
  const open = receivables.reduce((sum, item) => sum + item.open, 0n) - credit.unallocated;
  const occurrences = db
    .sql("select * from occurrence where case_id = ? order by id")
    .all(row.id) as OccurrenceRow[];
  return {
    readAt: now,
    case: debtorCase,
    creditor: shared.creditor,
    debtor,
    zones: zones.ofDebtor(debtor),
    contactPoints: readContactPoints(db, zones, debtor),
    receivables,
    unallocatedCredit: credit.unallocated,
    openTotal: open < 0n ? 0n : open,
    holds: holdsOfCase(db, row, new Set(receivables.map((item) => item.id))),
    promises: promisesOf(db, row.id).filter(isOpenOrBroken),
    occurrences: occurrences.map(occurrenceOf),
    contacts: readContacts(db, debtor.id, now - CONTACT_HISTORY_MS),
    feeds: shared.feeds,
    ...(credit.lastPayment === undefined ? {} : { lastPayment: credit.lastPayment }),
  };
}

function isOpenOrBroken(promise: PaymentPromise): boolean {
  return promise.state === "broken" || PROMISE_OPEN.includes(promise.state);
}

function readContactPoints(db: Database, zones: ZoneCandidates, debtor: Debtor): ContactPointFacts[] {
  const rows = db
    .sql(
      `select contact_point.*,
         (select at from opt_out where opt_out.number = contact_point.number and creditor_id = 0) as out_all,
         (select at from opt_out where opt_out.number = contact_point.number and creditor_id = ?) as out_one
       from contact_point where debtor_id = ? and listed = 1 order by rank, score desc, id`,
    )
    .all(debtor.creditorId, debtor.id) as (ContactPointRow & {
    out_all: number | null;
    out_one: number | null;
  })[];
  return rows.map((row) => {
    const { country, listed: _listed, listedBy: _by, ...point } = contactPointOf(row);
    return {
      ...point,
      zones: zones.ofNumber(debtor, country),
      ...(row.out_all !== null
        ? { optedOut: { at: row.out_all, scope: "all" as const } }
        : row.out_one !== null
          ? { optedOut: { at: row.out_one, scope: "creditor" as const } }
          : {}),
    };
  });
}

function holdsOfCase(db: Database, row: CaseRow, items: ReadonlySet<RowId>): Hold[] {
  return holdsOf(db, row.debtor_id).filter(
    (hold) =>
      hold.scope === "debtor" ||
      (hold.scope === "case" && hold.targetId === row.id) ||
      (hold.scope === "item" && items.has(hold.targetId)),
  );
}

const CONTACT_COLUMNS = "id, contact_at, case_id, debtor_id, channel, class, state";

function readContacts(db: Database, debtorId: RowId, since: number): ContactFact[] {
  const rows = db
    .sql(
      `select ${CONTACT_COLUMNS} from occurrence where debtor_id = @debtorId and contact_at > @since
       union
       select ${CONTACT_COLUMNS} from occurrence where contact_at > @since
         and number in (select number from contact_point where debtor_id = @debtorId)
       order by contact_at, id`,
    )
    .all({ debtorId, since }) as (Pick<
    OccurrenceRow,
    "id" | "case_id" | "debtor_id" | "channel" | "class" | "state"
  > & {
    contact_at: number;
  })[];
  return rows.map((row) => ({
    at: row.contact_at,
    caseId: row.case_id,
    debtorId: row.debtor_id,
    channel: row.channel,
    class: row.class,
    state: row.state,
    occurrenceId: row.id,
  }));
}

/**
 * The rows that the facts of many cases are made of, one statement for each table and not one for each
 * case. Everything is read in one transaction, so that no snapshot shows half a change.
 */
import type { Database } from "#shared/sqlite.ts";
import { CONTACT_HISTORY_MS, type ContactFact } from "./facts.ts";
import { feedsOf } from "./feeds.ts";
import type { OccurrenceRow } from "./occurrences.ts";
import type { PromiseRow } from "./promises.ts";
import {
  type CaseRow,
  type ContactPointRow,
  type CreditorRow,
  creditorOf,
  type DebtorRow,
  debtorOf,
  type HoldRow,
} from "./rows.ts";
import type { Creditor, Debtor, FeedStatus, RowId } from "./types.ts";

export type ContactPointWithOptOut = ContactPointRow & {
  readonly out_all: number | null;
  readonly out_one: number | null;
};

export interface CreditorFacts {
  readonly creditor: Creditor;
  readonly feeds: readonly FeedStatus[];
}

export interface FactRows {
  readonly cases: readonly CaseRow[];
  readonly creditors: ReadonlyMap<RowId, CreditorFacts>;
  readonly debtors: ReadonlyMap<RowId, Debtor>;
  readonly contactPoints: Groups<ContactPointWithOptOut>;
  readonly items: Groups<ItemRow>;
  readonly credits: ReadonlyMap<RowId, CreditRow>;
  readonly holds: Groups<HoldRow>;
  readonly promises: Groups<PromiseRow>;
  readonly occurrences: Groups<OccurrenceRow>;
  /** By debtor. */
  readonly contacts: Groups<ContactFact>;
}

/** Rows by the id that they belong to. */
export type Groups<Row> = ReadonlyMap<RowId, readonly Row[]>;

export interface ItemRow {
  readonly id: number;
  readonly case_id: number;
  readonly external_id: string;
  readonly version: number | null;
  readonly principal: number;
  readonly issue_date: string | null;
  readonly due_date: string;
  readonly due_date_sequence: number;
  readonly description: string | null;
  readonly first_seen_at: number;
  readonly disputed: number;
  readonly posted: number;
  readonly fees: number;
  readonly interest: number;
  readonly credited: number;
}

export interface CreditRow {
  /** Paid and credited, on items or not. */
  credits: number;
  /** Of it on items; below zero. */
  posted: number;
  last?: { readonly amount: number; readonly date: string; readonly recordedAt: number };
}

/** Many ids come as a JSON array; one alone as itself, which is the case of every look at one case. */
const OF_MANY = {
  cases: "(select value from json_each(@cases))",
  debtors: "(select value from json_each(@debtors))",
};
const OF_ONE = { cases: "(+@cases)", debtors: "(+@debtors)" };

const selects = ({ cases, debtors }: typeof OF_MANY) => ({
  cases: `select * from dunning_case where id in ${cases}`,
  debtors: `select * from debtor where id in ${debtors}`,
  contactPoints: `select contact_point.*,
      (select at from opt_out where opt_out.number = contact_point.number and creditor_id = 0) as out_all,
      (select at from opt_out where opt_out.number = contact_point.number and creditor_id =
        (select creditor_id from debtor where debtor.id = debtor_id)) as out_one
    from contact_point where debtor_id in ${debtors} and listed = 1 order by debtor_id, rank, score desc, id`,
  items: `select id, case_id, external_id, version, principal, issue_date, due_date, due_date_sequence,
      description, first_seen_at, disputed, 0 as posted, 0 as fees, 0 as interest, 0 as credited
    from receivable where case_id in ${cases} and is_open = 1 order by case_id, due_date, external_id`,
  postings: `select receivable_id as item, case_id, kind, sum(amount) as amount from posting
    where case_id in ${cases} group by receivable_id, case_id, kind`,
  credits: `select case_id, sum(amount) as credits from ledger_entry
    where case_id in ${cases} and reversed_at is null and kind in ('payment', 'credit-note')
    group by case_id`,
  lastPayments: `select case_id, amount, entry_date as date, recorded_at as recordedAt from ledger_entry
    where case_id in ${cases} and reversed_at is null and kind = 'payment'
    order by case_id, entry_date, recorded_at, id`,
  holds: `select * from hold where debtor_id in ${debtors} and ended_at is null order by placed_at, id`,
  promises: `select promise.* from promise join dunning_case on dunning_case.id = case_id
    where case_id in ${cases} and promise.episode = dunning_case.episode
      and state in ('confirmed', 'reminded-day-before', 'reminded-morning', 'broken')
    order by made_at, promise.id`,
  occurrences: `select * from occurrence where case_id in ${cases} order by id`,
  contacts: `select debtor_id as owner, id as occurrenceId, contact_at as at, case_id as caseId,
      debtor_id as debtorId, channel, class, state
    from occurrence where debtor_id in ${debtors} and contact_at > @since
    union
    select contact_point.debtor_id, occurrence.id, contact_at, case_id, occurrence.debtor_id,
      occurrence.channel, class, occurrence.state
    from contact_point join occurrence on occurrence.number = contact_point.number
    where contact_point.debtor_id in ${debtors} and contact_at > @since
    order by 3, 2`,
});

const SELECT_MANY = selects(OF_MANY);
const SELECT_ONE = selects(OF_ONE);
type Select = typeof SELECT_MANY;
const CREDITOR = "select * from creditor where id = +?";

interface CaseIds {
  readonly cases: RowId | string;
}

export function readFactRows(db: Database, caseIds: readonly RowId[], now: number): FactRows {
  return db.read(() => readRows(db, caseIds, now));
}

function readRows(db: Database, caseIds: readonly RowId[], now: number): FactRows {
  const alone = caseIds.length === 1;
  const sql = alone ? SELECT_ONE : SELECT_MANY;
  const ids: CaseIds = { cases: alone ? (caseIds[0] as RowId) : JSON.stringify(caseIds) };
  const cases = db.sql(sql.cases).all(ids) as CaseRow[];
  const owners = [...new Set(cases.map((row) => row.debtor_id))];
  const debtorIds = { debtors: alone ? (owners[0] ?? null) : JSON.stringify(owners) };
  const debtors = (db.sql(sql.debtors).all(debtorIds) as DebtorRow[]).map(debtorOf);
  const { items, credits } = readMoney(db, sql, ids);
  const since = now - CONTACT_HISTORY_MS;
  return {
    cases,
    creditors: readCreditors(db, cases),
    debtors: new Map(debtors.map((debtor) => [debtor.id, debtor])),
    contactPoints: grouped(db.sql(sql.contactPoints).all(debtorIds) as ContactPointWithOptOut[], "debtor_id"),
    items: grouped(items, "case_id"),
    credits,
    holds: grouped(db.sql(sql.holds).all(debtorIds) as HoldRow[], "debtor_id"),
    promises: grouped(db.sql(sql.promises).all(ids) as PromiseRow[], "case_id"),
    occurrences: grouped(db.sql(sql.occurrences).all(ids) as OccurrenceRow[], "case_id"),
    contacts: contactsByOwner(
      db.sql(sql.contacts).all({ ...debtorIds, since }) as (ContactFact & { owner: number })[],
    ),
  };
}

function readCreditors(db: Database, cases: readonly CaseRow[]): Map<RowId, CreditorFacts> {
  const creditors = new Map<RowId, CreditorFacts>();
  for (const { creditor_id: id } of cases) {
    if (creditors.has(id)) continue;
    const creditor = creditorOf(db.sql(CREDITOR).get(id) as CreditorRow);
    creditors.set(id, { creditor, feeds: feedsOf(db, id) });
  }
  return creditors;
}

type Writable<Row> = { -readonly [Name in keyof Row]: Row[Name] };

/** Open items with what is posted to them, and the credit of each case that has any. */
function readMoney(db: Database, sql: Select, ids: CaseIds) {
  const items = db.sql(sql.items).all(ids) as Writable<ItemRow>[];
  const credits = new Map<RowId, CreditRow>();
  const sums = db.sql(sql.credits).all(ids) as { case_id: number; credits: number }[];
  for (const row of sums) credits.set(row.case_id, { credits: row.credits, posted: 0 });
  const postings = db.sql(sql.postings).all(ids) as {
    item: number;
    case_id: number;
    kind: string;
    amount: number;
  }[];
  if (postings.length > 0) {
    const byId = new Map(items.map((item) => [item.id, item]));
    for (const { item: id, case_id: caseId, kind, amount } of postings) {
      const isCredit = kind === "payment" || kind === "credit-note";
      const credit = credits.get(caseId);
      if (isCredit && credit !== undefined) credit.posted += amount;
      const item = byId.get(id);
      if (item === undefined) continue;
      item.posted += amount;
      if (kind === "fee") item.fees += amount;
      if (kind === "interest") item.interest += amount;
      if (isCredit) item.credited -= amount;
    }
  }
  if (credits.size > 0) readLastPayments(db, sql, ids, credits);
  return { items, credits };
}

function readLastPayments(
  db: Database,
  sql: Select,
  ids: CaseIds,
  credits: ReadonlyMap<RowId, CreditRow>,
): void {
  const rows = db.sql(sql.lastPayments).all(ids) as ({ case_id: number } & NonNullable<CreditRow["last"]>)[];
  for (const { case_id: caseId, ...last } of rows) {
    const credit = credits.get(caseId);
    if (credit !== undefined) credit.last = last;
  }
}

function contactsByOwner(rows: readonly (ContactFact & { owner: number })[]): Groups<ContactFact> {
  const groups = new Map<RowId, ContactFact[]>();
  for (const { owner, ...contact } of rows) {
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, [contact]);
    else group.push(contact);
  }
  return groups;
}

function grouped<Row, Name extends keyof Row>(rows: readonly Row[], by: Name): Groups<Row> {
  const groups = new Map<RowId, Row[]>();
  for (const row of rows) {
    const id = row[by] as RowId;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return groups;
}

/** Puts `CaseFacts` together from the rows of a batch. */
import type { Database } from "#shared/sqlite.ts";
import type { CaseFacts, ContactPointFacts, ReceivableFacts } from "./facts.ts";
import { type ContactPointWithOptOut, type FactRows, type ItemRow, readFactRows } from "./facts-batch.ts";
import { occurrenceOf } from "./occurrences.ts";
import { promiseOf } from "./promises.ts";
import { type CaseRow, caseOf, contactPointOf, given, type HoldRow, holdOf } from "./rows.ts";
import type { Debtor, Hold, RowId } from "./types.ts";
import type { ZoneCandidates } from "./zones.ts";

/** Reads one case, inside a transaction or between two; undefined when there is no such case. */
export type FactsReader = (caseId: RowId, now: number) => CaseFacts | undefined;

export function createFactsReader(db: Database, zones: ZoneCandidates): FactsReader {
  return (caseId, now) => readFacts(db, zones, [caseId], now).get(caseId);
}

/** Many cases as they are at one moment. Cases that do not exist are left out. */
export function readFacts(
  db: Database,
  zones: ZoneCandidates,
  caseIds: readonly RowId[],
  now: number,
): Map<RowId, CaseFacts> {
  const rows = readFactRows(db, caseIds, now);
  const facts = new Map<RowId, CaseFacts>();
  for (const row of rows.cases) {
    const read = factsOf(row, rows, zones, now);
    if (read !== undefined) facts.set(row.id, read);
  }
  return facts;
}

function factsOf(row: CaseRow, rows: FactRows, zones: ZoneCandidates, now: number): CaseFacts | undefined {
  const debtor = rows.debtors.get(row.debtor_id);
  const shared = rows.creditors.get(row.creditor_id);
  if (debtor === undefined || shared === undefined) return undefined;
  const receivables = (rows.items.get(row.id) ?? []).map((item) => itemOf(item, row.currency));
  const credit = rows.credits.get(row.id);
  const unallocatedCredit = credit === undefined ? 0n : BigInt(credit.credits + credit.posted);
  const open = receivables.reduce((sum, item) => sum + item.open, 0n) - unallocatedCredit;
  return {
    readAt: now,
    case: caseOf(row),
    creditor: shared.creditor,
    debtor,
    zones: zones.ofDebtor(debtor),
    contactPoints: (rows.contactPoints.get(debtor.id) ?? []).map((point) => pointOf(point, debtor, zones)),
    receivables,
    unallocatedCredit,
    openTotal: open < 0n ? 0n : open,
    holds: holdsOfCase(rows.holds.get(debtor.id) ?? [], row, receivables),
    promises: (rows.promises.get(row.id) ?? []).map(promiseOf),
    occurrences: (rows.occurrences.get(row.id) ?? []).map(occurrenceOf),
    contacts: rows.contacts.get(debtor.id) ?? [],
    feeds: shared.feeds,
    ...(credit?.last === undefined
      ? {}
      : { lastPayment: { ...credit.last, amount: BigInt(credit.last.amount) } }),
  };
}

function itemOf(row: ItemRow, currency: string): ReceivableFacts {
  return {
    id: row.id,
    caseId: row.case_id,
    externalId: row.external_id,
    currency,
    principal: BigInt(row.principal),
    dueDate: row.due_date,
    dueDateSequence: row.due_date_sequence,
    state: "open",
    firstSeenAt: row.first_seen_at,
    disputed: row.disputed === 1,
    open: BigInt(row.principal + row.posted),
    fees: BigInt(row.fees),
    interest: BigInt(row.interest),
    credited: BigInt(row.credited),
    ...given("version", row.version),
    ...given("issueDate", row.issue_date),
    ...given("description", row.description),
  };
}

function pointOf(row: ContactPointWithOptOut, debtor: Debtor, zones: ZoneCandidates): ContactPointFacts {
  const { country, listed: _listed, listedBy: _by, ...point } = contactPointOf(row);
  const at = row.out_all ?? row.out_one;
  return {
    ...point,
    zones: zones.ofNumber(debtor, country),
    ...(at === null ? {} : { optedOut: { at, scope: row.out_all === null ? "creditor" : "all" } }),
  };
}

function holdsOfCase(holds: readonly HoldRow[], row: CaseRow, items: readonly ReceivableFacts[]): Hold[] {
  return holds
    .filter(
      (hold) =>
        hold.scope === "debtor" ||
        (hold.scope === "case" && hold.target_id === row.id) ||
        (hold.scope === "item" && items.some((item) => item.id === hold.target_id)),
    )
    .map(holdOf);
}

/** Creditors, debtors and their contact points in the database. Runs inside a transaction of the caller. */
import type { Database } from "#shared/sqlite.ts";
import { rebalance } from "./balance.ts";
import { type MakeCode, openCase, touchDebtor } from "./cases.ts";
import { recordEvent, withoutPersonal } from "./events.ts";
import type { Change, ContactPointInput, CreditorInput, DebtorInput } from "./inputs.ts";
import type { KnownNames } from "./known-names.ts";
import { compareFreshness, type FieldChange, type Outcome, refused } from "./outcome.ts";
import {
  CONTACT_POINTS_MAX,
  type ContactMove,
  hasTooManyContacts,
  planContacts,
  SCORE_NEW,
  type StoredContactPoint,
} from "./plan-contacts.ts";
import {
  freshnessOf,
  planCreditor,
  planDebtor,
  type StoredCreditor,
  type StoredDebtor,
} from "./plan-parties.ts";
import { startReindex } from "./reindex.ts";
import {
  type ContactPointRow,
  type CreditorRow,
  contactPointOf,
  creditorOf,
  type DebtorRow,
  debtorOf,
} from "./rows.ts";
import type { Creditor, RowId } from "./types.ts";

export function findCreditor(db: Database, externalId: string): StoredCreditor | undefined {
  const row = db.sql("select * from creditor where external_id = ?").get(externalId) as
    | CreditorRow
    | undefined;
  return row && creditorOf(row);
}

/** By external id, the next after `after`. */
export function creditorsOf(db: Database, after: string, limit: number): StoredCreditor[] {
  const rows = db
    .sql("select * from creditor where external_id > ? order by external_id limit ?")
    .all(after, limit) as CreditorRow[];
  return rows.map(creditorOf);
}

export function putCreditor(db: Database, input: CreditorInput, change: Change): Outcome<StoredCreditor> {
  const stored = findCreditor(db, input.externalId);
  const outcome = planCreditor(stored, input, change);
  if (outcome.kind === "unchanged") {
    if (outcome.row !== stored) keepFreshness(db, "creditor", outcome.row);
  } else if (outcome.kind === "created" || outcome.kind === "updated") {
    const id = writeCreditor(db, outcome.row);
    const data = outcome.kind === "updated" ? withoutPersonal(outcome.changes) : undefined;
    recordEvent(db, change, `creditor.${outcome.kind}`, { creditorId: id }, data);
    if (outcome.kind === "updated") startReindex(db, id, "all", change.at);
    return { ...outcome, row: { ...outcome.row, id } };
  }
  return outcome;
}

function writeCreditor(db: Database, row: StoredCreditor): RowId {
  const values = [
    row.name,
    row.role,
    row.timeZone,
    row.jurisdiction,
    row.language,
    row.contact ?? null,
    JSON.stringify(row.paymentInstructions),
    row.version ?? null,
    row.asOf,
    row.externalId,
  ];
  if (row.id === 0)
    return Number(
      db
        .sql(
          `insert into creditor (name, role, time_zone, jurisdiction, language, contact,
             payment_instructions, version, as_of, external_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(values).lastInsertRowid,
    );
  db.sql(
    `update creditor set name = ?, role = ?, time_zone = ?, jurisdiction = ?, language = ?, contact = ?,
       payment_instructions = ?, version = ?, as_of = ? where external_id = ?`,
  ).run(values);
  return row.id;
}

export function findDebtor(db: Database, creditorId: RowId, externalId: string): StoredDebtor | undefined {
  const row = db
    .sql("select * from debtor where creditor_id = ? and external_id = ?")
    .get(creditorId, externalId) as DebtorRow | undefined;
  return row && debtorOf(row);
}

export function contactPointsOf(db: Database, debtorId: RowId): StoredContactPoint[] {
  const rows = db
    .sql("select * from contact_point where debtor_id = +? order by rank, id")
    .all(debtorId) as ContactPointRow[];
  return rows.map(contactPointOf);
}

export interface DebtorContext {
  readonly creditor: Creditor;
  readonly makeCode: MakeCode;
  /** `add` keeps the numbers that the source gave before (a second row of one file). */
  readonly contacts: "replace" | "add";
  readonly known: KnownNames;
}

export function putDebtor(
  db: Database,
  input: DebtorInput,
  context: DebtorContext,
  change: Change,
): Outcome<StoredDebtor> {
  const { known } = context;
  const stored = known.debtors.has(input.externalId)
    ? findDebtor(db, context.creditor.id, input.externalId)
    : undefined;
  const outcome = planDebtor(stored, input, context.creditor, change);
  if (outcome.kind === "refused" || outcome.kind === "stale") return outcome;
  const before = stored === undefined ? [] : contactPointsOf(db, stored.id);
  const older = stored !== undefined && compareFreshness(stored, freshnessOf(input, change)) > 0;
  const moves =
    input.contactPoints === undefined || older
      ? []
      : planContacts(before, input.contactPoints, change.source, context.contacts);
  if (hasTooManyContacts(before, moves)) return tooManyContacts();
  const fresh = outcome.row !== stored;
  const id = outcome.kind === "unchanged" && !fresh ? outcome.row.id : writeDebtor(db, outcome.row);
  const row = { ...outcome.row, id };
  if (outcome.kind !== "unchanged") {
    const data = outcome.kind === "updated" ? withoutPersonal(outcome.changes) : undefined;
    recordEvent(db, change, `debtor.${outcome.kind}`, { creditorId: row.creditorId, debtorId: id }, data);
  }
  // A new debtor's own event tells of the numbers that came with it.
  for (const move of moves) applyContactMove(db, row, move, change, outcome.kind !== "created");
  if (outcome.kind === "created") {
    known.debtors.add(row.externalId);
    if (known.entriesWait) takeWaitingEntries(db, row, context.makeCode, change);
    return { ...outcome, row };
  }
  const changes = [...(outcome.kind === "updated" ? outcome.changes : []), ...moves.map(contactChange)];
  if (changes.length === 0) return { kind: "unchanged", row };
  touchDebtor(db, id, change.at);
  return { kind: "updated", row, changes };
}

export function tooManyContacts(): Outcome<never> {
  return refused("limit_reached", "contactPoints", `A debtor has at most ${CONTACT_POINTS_MAX} numbers.`);
}

/** As reports show it; the number itself stays out of them. */
export function contactChange(move: ContactMove): FieldChange {
  const channel = move.kind === "list" ? move.point.channel : move.stored.channel;
  return {
    field: `contact point (${channel})`,
    to: { list: "added", change: "changed", unlist: "removed" }[move.kind],
  };
}

function writeDebtor(db: Database, row: StoredDebtor): RowId {
  const values = [
    row.name,
    row.kind,
    row.language,
    row.timeZone ?? null,
    row.jurisdiction,
    row.segment,
    row.version ?? null,
    row.asOf,
    row.creditorId,
    row.externalId,
  ];
  if (row.id === 0)
    return Number(
      db
        .sql(
          `insert into debtor (name, kind, language, time_zone, jurisdiction, segment, version, as_of,
             creditor_id, external_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(values).lastInsertRowid,
    );
  db.sql(
    `update debtor set name = ?, kind = ?, language = ?, time_zone = ?, jurisdiction = ?, segment = ?,
       version = ?, as_of = ? where creditor_id = ? and external_id = ?`,
  ).run(values);
  return row.id;
}

function applyContactMove(
  db: Database,
  debtor: StoredDebtor,
  move: ContactMove,
  change: Change,
  tell: boolean,
): void {
  const subject = { creditorId: debtor.creditorId, debtorId: debtor.id };
  if (move.kind === "list") {
    listNumber(db, debtor.id, move.point, move.rank, change.source);
    if (tell) recordEvent(db, change, "contact-point.listed", subject, { channel: move.point.channel });
    return;
  }
  const { stored } = move;
  if (move.kind === "unlist") {
    db.sql("update contact_point set listed = 0 where id = ?").run(stored.id);
    recordEvent(db, change, "contact-point.unlisted", subject, { contactPoint: stored.id });
    return;
  }
  const { after } = move;
  db.sql(
    `update contact_point set listed = 1, listed_by = ?, rank = ?, consent_state = ?, consent_source = ?,
       consent_at = ? where id = ?`,
  ).run(
    after.listedBy,
    after.rank,
    after.consent.state,
    after.consent.source ?? null,
    after.consent.at ?? null,
    stored.id,
  );
  recordEvent(db, change, "contact-point.changed", subject, {
    contactPoint: stored.id,
    consent: after.consent.state,
  });
}

function listNumber(
  db: Database,
  debtorId: RowId,
  point: ContactPointInput,
  rank: number,
  source: string,
): void {
  db.sql(
    `insert into contact_point (debtor_id, channel, number, country, consent_state, consent_source,
       consent_at, state, score, rank, listed_by, listed) values (?, ?, ?, ?, ?, ?, ?, 'new', ?, ?, ?, 1)`,
  ).run(
    debtorId,
    point.channel,
    point.number,
    point.country ?? null,
    point.consent?.state ?? "unknown",
    point.consent?.source ?? null,
    point.consent?.at ?? null,
    SCORE_NEW,
    rank,
    source,
  );
}

/** Payments that came before their debtor did. */
function takeWaitingEntries(db: Database, debtor: StoredDebtor, makeCode: MakeCode, change: Change): void {
  const waiting = db
    .sql("select id, currency from ledger_entry where creditor_id = ? and debtor_ref = ? and case_id is null")
    .all(debtor.creditorId, debtor.externalId) as { id: number; currency: string }[];
  for (const entry of waiting) {
    const owner = { creditorId: debtor.creditorId, debtorId: debtor.id, currency: entry.currency };
    const { caseId } = openCase(db, makeCode, owner, change);
    matchEntry(db, entry.id, { creditorId: debtor.creditorId, debtorId: debtor.id, caseId }, change);
    rebalance(db, caseId, change);
  }
}

/** Gives a waiting entry its case. The caller posts it. */
export function matchEntry(
  db: Database,
  entryId: RowId,
  subject: { readonly creditorId: RowId; readonly debtorId: RowId; readonly caseId: RowId },
  change: Change,
): void {
  db.sql("update ledger_entry set case_id = ? where id = ?").run(subject.caseId, entryId);
  db.sql(
    "delete from waiting_reference where creditor_id = ? and entry_id = ? and receivable_ref in (select value from json_each((select refs from ledger_entry where id = ?)))",
  ).run(subject.creditorId, entryId, entryId);
  recordEvent(db, change, "entry.matched", subject, { entry: entryId });
}

export function keepFreshness(
  db: Database,
  table: "creditor" | "debtor" | "ledger_entry",
  row: { readonly id: RowId; readonly asOf: number; readonly version?: number },
): void {
  const text = {
    creditor: "update creditor set as_of = ?, version = ? where id = ?",
    debtor: "update debtor set as_of = ?, version = ? where id = ?",
    ledger_entry: "update ledger_entry set as_of = ?, version = ? where id = ?",
  }[table];
  db.sql(text).run(row.asOf, row.version ?? null, row.id);
}

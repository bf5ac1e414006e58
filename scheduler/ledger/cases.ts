/** Opening, touching and settling cases. All functions run inside a transaction of the caller. */
import type { Random } from "#shared/random.ts";
import type { Database } from "#shared/sqlite.ts";
import { recordEvent } from "./events.ts";
import type { Change } from "./inputs.ts";
import type { EntryKind, RowId, Settlement } from "./types.ts";

/** Crockford's base 32 without the letters that are mistaken for digits. */
const CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Tries for a code that is not given out yet. Halves of the codes repeat after a million cases only. */
const CODE_TRIES_MAX = 10;

/** A code for the case that is the `sequence`-th of this ledger. */
export type MakeCode = (sequence: number) => string;

/** Characters drawn at a time: one call for chance costs as much as a row. */
const LETTERS_DRAWN = 256;
const HALF = 4;

/**
 * "4T7K-93QX". The first half counts up, so that a million new codes lie side by side in their index and
 * not all over it; the second is chance, so that knowing one code leads to no other.
 */
export function caseCodes(random: Random): MakeCode {
  let pool = "";
  return (sequence) => {
    if (pool.length < HALF) pool = lettersFrom(random.bytes(LETTERS_DRAWN));
    const chance = pool.slice(0, HALF);
    pool = pool.slice(HALF);
    let counted = "";
    for (let i = 0, left = sequence; i < HALF; i++, left = Math.floor(left / 32))
      counted = (CODE_ALPHABET[left % 32] ?? "") + counted;
    return `${counted}-${chance}`;
  };
}

function lettersFrom(octets: Uint8Array): string {
  return Array.from(octets, (octet) => CODE_ALPHABET[octet & 31]).join("");
}

export interface CaseOwner {
  readonly creditorId: RowId;
  readonly debtorId: RowId;
  readonly currency: string;
}

export interface OpenedCase {
  readonly caseId: RowId;
  readonly isNew: boolean;
}

/**
 * The case of debtor and currency. One that is made for a receivable starts its first episode; one that is
 * made for a payment has nothing open yet.
 */
export function openCase(
  db: Database,
  makeCode: MakeCode,
  owner: CaseOwner,
  change: Change,
  made: "for-receivable" | "for-payment" = "for-payment",
): OpenedCase {
  const known = db
    .sql("select id from dunning_case where debtor_id = ? and currency = ?")
    .pluck()
    .get(owner.debtorId, owner.currency) as RowId | undefined;
  if (known !== undefined) return { caseId: known, isNew: false };
  const settled = made === "for-payment";
  const rest = [
    owner.creditorId,
    owner.debtorId,
    owner.currency,
    settled ? "closed" : "watching",
    settled ? 0 : 1,
    settled ? change.at : null,
    settled ? "cancelled" : null,
    change.at,
  ];
  const caseId = insertWithFreeCode(db, makeCode, rest);
  // A receivable's own event tells the same.
  if (settled) recordEvent(db, change, "case.opened", { ...owner, caseId });
  return { caseId, isNew: true };
}

function insertWithFreeCode(db: Database, makeCode: MakeCode, rest: readonly unknown[]): RowId {
  const sequence = db.sql("select coalesce(max(id), 0) + 1 from dunning_case").pluck().get() as number;
  const insert = db.sql(
    `insert or ignore into dunning_case (code, creditor_id, debtor_id, currency, stage, episode, settled_at,
       settled_as, next_action_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (let attempt = 0; attempt < CODE_TRIES_MAX; attempt++) {
    const { changes, lastInsertRowid } = insert.run(makeCode(sequence), ...rest);
    if (changes === 1) return Number(lastInsertRowid);
  }
  throw new Error("no free case code was found; the source of chance repeats itself");
}

/** Something a decision looks at has changed: whatever was decided is void, and it is decided again now. */
export function touchCase(db: Database, caseId: RowId, at: number): void {
  db.sql(
    `update dunning_case set next_action_at = min(coalesce(next_action_at, ?), ?)
     where id = ?`,
  ).run(at, at, caseId);
}

export function touchDebtor(db: Database, debtorId: RowId, at: number): void {
  db.sql(
    `update dunning_case set next_action_at = min(coalesce(next_action_at, ?), ?)
     where debtor_id = ?`,
  ).run(at, at, debtorId);
}

interface Standing {
  readonly creditor_id: number;
  readonly debtor_id: number;
  readonly episode: number;
  readonly settled_at: number | null;
  readonly settled_as: Settlement | null;
}

/**
 * Settles the case when nothing is open any more, reopens it when something is again. A settled one may
 * settle otherwise: what was written off is paid after all.
 */
export function settleOrReopen(db: Database, caseId: RowId, change: Change): void {
  const standing = db
    .sql("select creditor_id, debtor_id, episode, settled_at, settled_as from dunning_case where id = ?")
    .get(caseId) as Standing;
  const open = db.sql("select 1 from receivable where case_id = ? and is_open = 1 limit 1").get(caseId);
  const subject = { creditorId: standing.creditor_id, debtorId: standing.debtor_id, caseId };
  if (open === undefined) {
    const settledAs = settlementOf(db, caseId, standing.episode);
    if (settledAs === standing.settled_as) return;
    db.sql("update dunning_case set settled_at = ?, settled_as = ?, stage = 'closed' where id = ?").run(
      change.at,
      settledAs,
      caseId,
    );
    recordEvent(db, change, "case.settled", subject, { as: settledAs });
  }
  if (open !== undefined && standing.settled_at !== null) {
    db.sql(
      `update dunning_case set settled_at = null, settled_as = null, stage = 'watching', episode = ?
       where id = ?`,
    ).run(standing.episode + 1, caseId);
    db.sql("update receivable set episode = ? where case_id = ? and is_open = 1").run(
      standing.episode + 1,
      caseId,
    );
    if (standing.episode > 0) recordEvent(db, change, "case.reopened", subject);
  }
}

/** Money first: where anything was paid in this episode, the debtor has paid. */
function settlementOf(db: Database, caseId: RowId, episode: number): Settlement {
  const kinds = db
    .sql(
      `select distinct posting.kind from posting join receivable on receivable.id = posting.receivable_id
       where posting.case_id = +? and receivable.episode = +?`,
    )
    .pluck()
    .all(caseId, episode) as EntryKind[];
  if (kinds.includes("payment")) return "paid";
  if (kinds.includes("credit-note")) return "credited";
  return kinds.includes("write-off") ? "written-off" : "cancelled";
}

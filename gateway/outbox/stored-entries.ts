/**
 * PDUs that lie on modems because their message asked for `evidence: "stored"`. The row is on disk before
 * AT+CMSS, so that after a crash the entry's status can be asked for, and it stays until the modem's copy
 * is deleted.
 */
import type { AttemptKey } from "#gateway/messages/evidence.ts";
import type { SegmentState } from "#gateway/messages/states.ts";
import { fingerprintOf } from "#hardware/modem/fingerprint.ts";
import type { StoredEntry } from "#hardware/modem/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Sendable } from "./sendable.ts";

/** Entries of one modem that are looked at in one go. */
const ENTRIES_MAX = 50;

export interface StoredRow extends AttemptKey {
  readonly entry: StoredEntry;
  /** Of the segment. */
  readonly state: SegmentState;
  /** The segment was tried again since, or this try is over. */
  readonly over: boolean;
}

interface Row {
  readonly message: number;
  readonly segment: number;
  readonly try: number;
  readonly storage: string;
  readonly storage_index: number;
  readonly fingerprint: string;
  readonly state: SegmentState;
  readonly outcome: string | null;
  readonly last: number;
}

/** By what the PDU will be known on the modem, of a segment that goes by way of its storage. */
export function awaitingStorage({ evidence, pdus }: Sendable, segment: number): string | null {
  const pdu = pdus[segment - 1];
  return evidence === "stored" && pdu !== undefined ? fingerprintOf(pdu.hex) : null;
}

/** Its place is known, or it goes to the network without one. Inside a transaction. */
export function awaitsNoMore(db: Database, { message, segment, try: number }: AttemptKey): void {
  db.sql("update attempt set awaiting_storage = null where message = ? and segment = ? and try = ?").run(
    message,
    segment,
    number,
  );
}

/** A PDU that may lie on the modem though its place was never written down. */
export interface LeftOver extends AttemptKey {
  readonly fingerprint: string;
}

/** What attempts that are over left on this modem and SIM, oldest first. */
export function leftOvers(db: Database, sim: number, modem: string): readonly LeftOver[] {
  return db
    .sql(
      `select message, segment, try, awaiting_storage as fingerprint from attempt
       where sim = ? and modem = ? and awaiting_storage is not null and outcome is not null
       order by started_at limit ${ENTRIES_MAX}`,
    )
    .all(sim, modem) as LeftOver[];
}

/** Inside a transaction. */
export function insertStoredEntry(
  db: Database,
  attempt: AttemptKey & { readonly sim: number },
  modem: string,
  { storage, index, fingerprint }: StoredEntry,
): void {
  db.sql(
    `insert into stored_entry (message, segment, try, sim, modem, storage, storage_index, fingerprint)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(attempt.message, attempt.segment, attempt.try, attempt.sim, modem, storage, index, fingerprint);
  awaitsNoMore(db, attempt);
}

/** Inside a transaction. */
export function deleteStoredEntry(db: Database, attempt: AttemptKey): void {
  db.sql("delete from stored_entry where message = ? and segment = ? and try = ?").run(
    attempt.message,
    attempt.segment,
    attempt.try,
  );
}

/** What lies on this modem and SIM, oldest first. */
export function storedEntries(db: Database, sim: number, modem: string): readonly StoredRow[] {
  const rows = db
    .sql(
      `select e.message, e.segment, e.try, e.storage, e.storage_index, e.fingerprint, s.state, a.outcome,
         (select max(try) from attempt where message = e.message and segment = e.segment) as last
       from stored_entry e
       join segment s on s.message = e.message and s.number = e.segment
       join attempt a on a.message = e.message and a.segment = e.segment and a.try = e.try
       where e.sim = ? and e.modem = ? order by a.started_at limit ${ENTRIES_MAX}`,
    )
    .all(sim, modem) as Row[];
  return rows.map((row) => ({
    message: row.message,
    segment: row.segment,
    try: row.try,
    entry: { storage: row.storage, index: row.storage_index, fingerprint: row.fingerprint },
    state: row.state,
    over: row.last !== row.try || (row.state !== "unknown" && row.outcome !== null),
  }));
}

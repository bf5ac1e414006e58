/** The chain in the database. Everything that adds to it runs inside the transaction of what it witnesses. */
import type { Random } from "#shared/random.ts";
import type { Database } from "#shared/sqlite.ts";
import {
  type ChainedEvent,
  canonical,
  chainHash,
  commit,
  type Details,
  type Head,
  SALT_OCTETS,
  START,
  sealOf,
} from "./chain.ts";

export type EvidenceKind =
  /** The text, its number and the rule that wants it, as it is about to be handed over. */
  | "message.decided"
  /** What became of it, each with the times of the carrier that are known by then. */
  | "message.accepted"
  | "message.submitted"
  | "message.delivered"
  | "message.undelivered"
  | "message.failed"
  | "message.expired"
  | "message.cancelled"
  | "message.unknown"
  | "reply.received"
  | "opt-out.taken"
  | "opt-out.withdrawn"
  /** Somebody had the details before it erased. */
  | "details.erased";

export interface Fact {
  readonly kind: EvidenceKind;
  readonly caseCode: string;
  readonly occurrenceKey?: string;
  readonly details: Details;
}

export interface Evidence {
  /** Inside a transaction. */
  witness(fact: Fact, at: number): void;
}

const SELECT = `select sequence, at, kind, case_code as caseCode, occurrence_key as occurrenceKey, commitment,
  hash, details, salt from evidence_event`;

/** Events read at a time: what one page holds in memory, and between two turns of the event loop. */
const PAGE = 1_000;

export function createEvidence(db: Database, random: Random): Evidence {
  return {
    witness({ kind, caseCode, occurrenceKey = "", details: facts }, at) {
      const before = headOf(db);
      const salt = random.bytes(SALT_OCTETS);
      const details = canonical(facts);
      const commitment = commit(salt, details);
      const sequence = before.sequence + 1;
      const seal = sealOf({ at, kind, caseCode, occurrenceKey, commitment });
      db.sql(
        `insert into evidence_event (sequence, at, kind, case_code, occurrence_key, commitment, hash, details, salt)
         values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        sequence,
        at,
        kind,
        caseCode,
        occurrenceKey,
        commitment,
        chainHash(before.hash, sequence, seal),
        details,
        salt,
      );
    },
  };
}

export function headOf(db: Database): Head {
  const last = db
    .sql(
      "select sequence, hash from evidence_event where sequence = (select max(sequence) from evidence_event)",
    )
    .get() as Head | undefined;
  return last ?? START;
}

/** The place of one event; the start for 0, undefined when there is none. */
export function placeOf(db: Database, sequence: number): Head | undefined {
  if (sequence === START.sequence) return START;
  return db.sql("select sequence, hash from evidence_event where sequence = +?").get(sequence) as
    | Head
    | undefined;
}

/** Oldest first. */
export function eventsOfCase(db: Database, caseCode: string, limit: number): ChainedEvent[] {
  const rows = db.sql(`${SELECT} where case_code = +? order by sequence limit +?`).all(caseCode, limit);
  return (rows as Row[]).map(eventOf);
}

export function pageAfter(db: Database, sequence: number): ChainedEvent[] {
  const rows = db.sql(`${SELECT} where sequence > +? order by sequence limit ${PAGE}`).all(sequence);
  return (rows as Row[]).map(eventOf);
}

/** All events after that one, page by page. */
export function* eventsAfter(db: Database, sequence: number): Generator<ChainedEvent> {
  for (let page = pageAfter(db, sequence); page.length > 0; page = pageAfter(db, page.at(-1)?.sequence ?? 0))
    yield* page;
}

/**
 * Inside a transaction: shreds details and salts of these cases, and witnesses that for each of them. The
 * number of events that lost theirs.
 */
export function eraseCases(
  db: Database,
  evidence: Evidence,
  caseCodes: readonly string[],
  by: { readonly actor: string; readonly at: number },
): number {
  let erased = 0;
  for (const caseCode of caseCodes) {
    const { changes } = db
      .sql(
        `update evidence_event set details = null, salt = null
         where case_code = ? and details is not null and kind <> 'details.erased'`,
      )
      .run(caseCode);
    erased += changes;
    if (changes > 0)
      evidence.witness(
        { kind: "details.erased", caseCode, details: { by: by.actor, events: changes } },
        by.at,
      );
  }
  return erased;
}

interface Row extends Omit<ChainedEvent, "details" | "salt"> {
  readonly details: string | null;
  readonly salt: Uint8Array | null;
}

function eventOf({ details, salt, ...chained }: Row): ChainedEvent {
  return {
    ...chained,
    ...(details === null ? {} : { details }),
    ...(salt === null ? {} : { salt }),
  };
}

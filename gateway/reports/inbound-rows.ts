/** The rows of received PDUs and messages. */
import type { ReceivedPdu } from "#hardware/modem/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { JoinedParts } from "./join-parts.ts";
import type { ParsedDeliver } from "./parse-deliver.ts";

/** What the parts of one long message have in common (3GPP TS 23.040 9.2.3.24.1). */
export interface PartKey {
  readonly sim: number;
  readonly sender: string;
  readonly referenceBits: number;
  readonly reference: number;
  readonly total: number;
}

export interface OpenPart {
  readonly number: number;
  readonly pdu: string;
  readonly sequence: number;
  readonly receivedAt: number;
}

/** The newest stored PDU of the same octets. */
export function lastCopy(
  db: Database,
  sim: number,
  hash: string,
): { readonly receivedAt: number; readonly index: number | null } | undefined {
  return db
    .sql(
      `select received_at as receivedAt, storage_index as "index" from inbound_part
       where sim = ? and pdu_hash = ? order by number desc limit 1`,
    )
    .get(sim, hash) as { receivedAt: number; index: number | null } | undefined;
}

export function insertPart(
  db: Database,
  sim: number,
  pdu: ReceivedPdu,
  hash: string,
  parsed: ParsedDeliver | string,
): OpenPart {
  const read = typeof parsed === "string" ? undefined : parsed;
  const { lastInsertRowid } = db
    .sql(
      `insert into inbound_part (sim, pdu, pdu_hash, storage, storage_index, received_at, sender,
         reference_bits, reference, total, sequence, error)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      sim,
      pdu.hex,
      hash,
      pdu.stored?.storage ?? null,
      pdu.stored?.index ?? null,
      pdu.receivedAt,
      read?.sender ?? null,
      read?.concatenation?.referenceBits ?? null,
      read?.concatenation?.reference ?? null,
      read?.concatenation?.total ?? null,
      read?.concatenation?.sequence ?? null,
      typeof parsed === "string" ? parsed : null,
    );
  const sequence = read?.concatenation?.sequence ?? 1;
  return { number: Number(lastInsertRowid), pdu: pdu.hex, sequence, receivedAt: pdu.receivedAt };
}

/** Parts of this message that wait for others, in the order in which they came. */
export function openParts(db: Database, key: PartKey): OpenPart[] {
  return db
    .sql(
      `select number, pdu, sequence, received_at as receivedAt from inbound_part
       where inbound is null and error is null and sim = ? and sender = ? and reference = ? and total = ?
         and reference_bits = ? order by number`,
    )
    .all(key.sim, key.sender, key.reference, key.total, key.referenceBits) as OpenPart[];
}

export function countOrphans(db: Database, sim: number): number {
  const row = db
    .sql("select count(*) as count from inbound_part where inbound is null and error is null and sim = ?")
    .get(sim) as { count: number };
  return row.count;
}

/** The part that waits longest, of one SIM or of all. */
export function oldestOrphan(
  db: Database,
  sim?: number,
): { readonly receivedAt: number; readonly key: PartKey } | undefined {
  const row = db
    .sql(
      `select sim, sender, reference_bits as referenceBits, reference, total, received_at as receivedAt
       from inbound_part where inbound is null and error is null and (? is null or sim = ?)
       order by number limit 1`,
    )
    .get(sim ?? null, sim ?? null) as (PartKey & { receivedAt: number }) | undefined;
  if (row === undefined) return undefined;
  const { receivedAt, ...key } = row;
  return { receivedAt, key };
}

export function insertInbound(
  db: Database,
  id: string,
  sim: number,
  joined: JoinedParts,
): { readonly number: number; readonly iccid: string } {
  const { lastInsertRowid } = db
    .sql(
      `insert into inbound (id, sim, sender, text, data, sent_at, received_at, segments, complete)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      sim,
      joined.sender,
      joined.text ?? null,
      joined.data ?? null,
      joined.sentAt ?? null,
      joined.receivedAt,
      joined.segments,
      joined.complete ? 1 : 0,
    );
  const { iccid } = db.sql("select iccid from sim where number = ?").get(sim) as { iccid: string };
  return { number: Number(lastInsertRowid), iccid };
}

export function closeParts(db: Database, inbound: number, parts: readonly OpenPart[]): void {
  for (const { number } of parts)
    db.sql("update inbound_part set inbound = ? where number = ?").run(inbound, number);
}

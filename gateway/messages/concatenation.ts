/**
 * Concatenation references (3GPP TS 23.040 9.2.3.24.1). A handset joins parts by sender, reference and
 * total, so two long messages to one handset must not share a reference while the first may still be
 * incomplete. Each recipient has a count of its own: a reference comes again after 255 others.
 */
import type { Database } from "#shared/sqlite.ts";

const ALLOCATE = `
  insert into recipient (number, concatenation_reference) values (?, 0)
  on conflict (number) do update
    set concatenation_reference = (coalesce(concatenation_reference, -1) + 1) % 256
  returning concatenation_reference as reference`;

/** The next reference for `recipient`. Call inside the transaction that stores it. */
export function allocateConcatenationReference(db: Database, recipient: string): number {
  return (db.sql(ALLOCATE).get(recipient) as { reference: number }).reference;
}

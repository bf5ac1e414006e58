/** What must be done to a message before its first part goes out from here. */
import type { Ledger } from "#gateway/messages/ledger.ts";
import { moveSegment } from "#gateway/messages/moves.ts";
import { renewReference } from "./hand-over.ts";
import { readSendable, type Sendable } from "./sendable.ts";
import type { Waiting } from "./waiting.ts";

/**
 * A part that follows the one before it later than this may be joined with the wrong parts or with
 * none: operators and handsets give up incomplete messages.
 */
export const PART_GAP_MS_MAX = 3 * 60_000;

/**
 * Reads and encodes the message. Synchronous for a message that is sent for the first time.
 * @throws NotSendable
 */
export function prepare(ledger: Ledger, entry: Waiting, now: number): Sendable | Promise<Sendable> {
  const { message, recipient, routing } = entry;
  if (!routing.tried) return readSendable(ledger.db, message, false);
  const past = ledger.db
    .sql(`select max(started_at) as last, max(outcome = 'unknown') as unknown from attempt where message = ?`)
    .get(message) as { last: number; unknown: 0 | 1 | null };
  const repeated = past.unknown === 1;
  const nothingOnAir = routing.bound === undefined;
  if (entry.segments === 1 || !nothingOnAir || now - past.last <= PART_GAP_MS_MAX)
    return readSendable(ledger.db, message, repeated);
  return ledger
    .write("renew", () => renewReference(ledger, message, recipient))
    .then(() => readSendable(ledger.db, message, repeated));
}

/** A message that cannot be made into PDUs: nothing of it will ever be sent. */
export async function refuse(ledger: Ledger, entry: Waiting, reason: string): Promise<void> {
  await failWaiting(ledger, entry.message, reason, "message_refused");
}

/** No SIM, here or configured, may send it. */
export async function refuseUnreachable(ledger: Ledger, message: number): Promise<void> {
  await failWaiting(ledger, message, "No SIM may send to this number.", "no_sim");
}

function failWaiting(ledger: Ledger, message: number, reason: string, code: string): Promise<void> {
  return ledger.write("refuse", (entry) => {
    const waiting = ledger.db
      .sql(
        `select s.number as segment, m.segments from segment s join message m on m.number = s.message
         where s.message = ? and s.state = 'queued'`,
      )
      .all(message) as { segment: number; segments: number }[];
    for (const { segment, segments } of waiting)
      moveSegment(ledger, entry, { message, segment, segments }, "queued", "failed", { reason, code });
  });
}

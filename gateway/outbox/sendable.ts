/** A message ready for the air: read from its row once, encoded once, then kept while its parts go. */
import { encodeMessage } from "#hardware/pdu/message.ts";
import type { EncodedPdu } from "#hardware/pdu/types.ts";
import type { Database } from "#shared/sqlite.ts";

export interface Sendable {
  readonly message: number;
  readonly recipient: string;
  readonly segments: number;
  readonly report: boolean;
  readonly validitySeconds: number | undefined;
  readonly notAfter: number | undefined;
  readonly onUnknown: "hold" | "resend";
  /** Sent by way of the modem's storage. */
  readonly evidence: "stored" | undefined;
  readonly pdus: readonly EncodedPdu[];
}

/** The stored message cannot be made into the segments that were counted for it. */
export class NotSendable extends Error {
  override name = "NotSendable";
}

interface Row {
  readonly recipient: string;
  readonly text: string;
  readonly segments: number;
  readonly class: 0 | 1 | 2 | 3 | null;
  readonly report: 0 | 1;
  readonly transliterate: 0 | 1;
  readonly validity_seconds: number | null;
  readonly not_after: number | null;
  readonly on_unknown: "hold" | "resend";
  readonly evidence: "stored" | null;
  readonly concatenation_reference: number | null;
}

const SELECT = `
  select recipient, text, segments, class, report, transliterate, validity_seconds, not_after,
    on_unknown, evidence, concatenation_reference
  from message where number = ?`;

/**
 * `repeated` asks the service centre to drop the message if it holds the first copy still (TP-RD,
 * 3GPP TS 23.040 9.2.3.25): set when a second copy is made on purpose.
 * @throws NotSendable
 */
export function readSendable(db: Database, message: number, repeated: boolean): Sendable {
  const row = db.sql(SELECT).get(message) as Row | undefined;
  if (row === undefined) throw new NotSendable(`message ${message} is not stored any more`);
  const pdus = encode(row, repeated);
  if (pdus.length !== row.segments)
    throw new NotSendable(`its text makes ${pdus.length} segments and was counted as ${row.segments}`);
  return {
    message,
    recipient: row.recipient,
    segments: row.segments,
    report: row.report === 1,
    validitySeconds: row.validity_seconds ?? undefined,
    notAfter: row.not_after ?? undefined,
    onUnknown: row.on_unknown,
    evidence: row.evidence ?? undefined,
    pdus,
  };
}

function encode(row: Row, repeated: boolean): readonly EncodedPdu[] {
  try {
    return encodeMessage({
      to: row.recipient,
      text: row.text,
      concatenationReference: row.concatenation_reference ?? 0,
      statusReportRequest: row.report === 1,
      rejectDuplicates: repeated,
      transliterate: row.transliterate === 1,
      ...(row.class === null ? {} : { class: row.class }),
      ...(row.validity_seconds === null ? {} : { validitySeconds: row.validity_seconds }),
    }).pdus;
  } catch (error) {
    throw new NotSendable(`it cannot be encoded: ${(error as Error).message}`, { cause: error });
  }
}

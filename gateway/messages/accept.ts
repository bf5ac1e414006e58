/**
 * Taking messages in: counting segments outside the transaction, storing inside. One request is one
 * transaction, whatever number of messages it holds, together with its idempotency key.
 */
import type { IdFactory } from "#shared/ids.ts";
import { type Segmentation, segmentText } from "#shared/sms-text.ts";
import type { Database } from "#shared/sqlite.ts";
import { allocateConcatenationReference } from "./concatenation.ts";
import type { Entry, Ledger } from "./ledger.ts";
import type { Message, NewMessage } from "./types.ts";

export interface Prepared {
  readonly id: string;
  readonly message: NewMessage;
  readonly segmentation: Segmentation;
}

/** @throws SmsTextError when the text cannot be sent as it is */
export function prepareMessage(message: NewMessage, ids: IdFactory): Prepared {
  return {
    id: ids("msg"),
    message,
    segmentation: segmentText(message.text, { transliterate: message.transliterate }),
  };
}

const INSERT_MESSAGE = `
  insert into message (id, key_id, state, events, recipient, text, alphabet, priority,
    not_before, not_after, validity_seconds, class, wanted_sim, reference, metadata, report,
    transliterate, on_unknown, evidence, concatenation_reference, segments, accepted_at)
  values (?, ?, 'queued', 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const INSERT_SEGMENT = "insert into segment (message, number, state, text) values (?, ?, 'queued', ?)";

/** Stores one message with its segments and its first event. Returns its number. */
export function storeMessage(ledger: Ledger, entry: Entry, prepared: Prepared, keyId: string): number {
  const { message, segmentation } = prepared;
  const segments = segmentation.segments.length;
  const number = insertMessage(ledger.db, entry.now, prepared, keyId);
  const insertSegment = ledger.db.sql(INSERT_SEGMENT);
  if (segments === 1)
    insertSegment.run(number, 1, segmentation.text === message.text ? null : segmentation.text);
  else
    for (const [i, segment] of segmentation.segments.entries())
      insertSegment.run(number, i + 1, segment.text);
  ledger.append(entry, { type: "message.accepted", at: entry.now, message: number, messageSequence: 1 });
  entry.accepted.push({
    message: number,
    recipient: message.to,
    priority: message.priority,
    segments,
    notBefore: message.notBefore,
    notAfter: message.notAfter,
    wantedSim: message.sim,
  });
  return number;
}

function insertMessage(db: Database, now: number, prepared: Prepared, keyId: string): number {
  const { id, message, segmentation } = prepared;
  const segments = segmentation.segments.length;
  const { lastInsertRowid } = db
    .sql(INSERT_MESSAGE)
    .run(
      id,
      keyId,
      message.to,
      message.text,
      segmentation.alphabet,
      message.priority,
      message.notBefore ?? null,
      message.notAfter ?? null,
      message.validitySeconds ?? null,
      message.class ?? null,
      message.sim ?? null,
      message.reference ?? null,
      message.metadata === undefined ? null : JSON.stringify(message.metadata),
      message.report ? 1 : 0,
      message.transliterate ? 1 : 0,
      message.onUnknown,
      message.evidence ?? null,
      segments === 1 ? null : allocateConcatenationReference(db, message.to),
      segments,
      now,
    );
  return Number(lastInsertRowid);
}

/** The message as it is right after `storeMessage`, without reading it again. */
export function acceptedMessage(prepared: Prepared, keyId: string, acceptedAt: number): Message {
  const { id, message, segmentation } = prepared;
  return {
    ...message,
    id,
    keyId,
    state: "queued",
    alphabet: segmentation.alphabet,
    segments: segmentation.segments.map(({ text }, i) => ({
      number: i + 1,
      state: "queued",
      text,
      attempts: 0,
    })),
    acceptedAt,
  };
}

/** Messages on the database, for `gateway/http`. */
import type { IdFactory } from "#shared/ids.ts";
import { acceptedMessage, type Prepared, prepareMessage, storeMessage } from "./accept.ts";
import type { SegmentGauge } from "./gauge.ts";
import { recall, remember } from "./idempotency.ts";
import type { Entry, Ledger } from "./ledger.ts";
import { moveSegment } from "./moves.ts";
import { listMessages, readMessage, readRange, readWithHistory } from "./read.ts";
import { resolveUnknown } from "./resolve.ts";
import type { SegmentState } from "./states.ts";
import type {
  AcceptContext,
  AcceptResult,
  CancelResult,
  Message,
  MessageFilter,
  Messages,
  NewMessage,
  ResolveRequest,
  ResolveResult,
} from "./types.ts";

/** What a caller is told to wait when the outbox is full: about the time in which modems make room. */
const FULL_RETRY_AFTER_MS = 10_000;

export interface MessagesDeps {
  readonly ledger: Ledger;
  readonly ids: IdFactory;
  readonly gauge: SegmentGauge;
  /** More unsettled segments than this are not taken in. */
  readonly queuedSegmentsMax: number;
}

type Stored =
  | { readonly kind: "accepted"; readonly at: number }
  | { readonly kind: "replayed"; readonly first: number; readonly count: number }
  | { readonly kind: "conflict" }
  | { readonly kind: "full" };

export class StoredMessages implements Messages {
  readonly #deps: MessagesDeps;
  /** Segments of requests that are on their way into the database. */
  #arriving = 0;

  constructor(deps: MessagesDeps) {
    this.#deps = deps;
  }

  /**
   * @throws SmsTextError when a text cannot be sent as it is
   * @throws DatabaseUnavailable when nothing can be stored now
   */
  async accept(messages: readonly NewMessage[], context: AcceptContext): Promise<AcceptResult> {
    const { ledger, ids } = this.#deps;
    const prepared = messages.map((message) => prepareMessage(message, ids));
    const segments = prepared.reduce((sum, { segmentation }) => sum + segmentation.segments.length, 0);
    const full = this.#deps.gauge.unsettled() + this.#arriving + segments > this.#deps.queuedSegmentsMax;
    if (!full) this.#arriving += segments;
    try {
      const stored = await ledger.write("accept", (entry) => this.#store(entry, prepared, context, full));
      return this.#answer(stored, prepared, context);
    } finally {
      if (!full) this.#arriving -= segments;
    }
  }

  async recall(context: AcceptContext): Promise<AcceptResult | undefined> {
    const { ledger } = this.#deps;
    const stored = await ledger.write("recall", (entry) => this.#recalled(context, entry.now));
    return stored === undefined ? undefined : this.#answer(stored, [], context);
  }

  async get(id: string, keyId?: string): Promise<Message | undefined> {
    const message = readWithHistory(this.#deps.ledger.db, id);
    return keyId === undefined || message?.keyId === keyId ? message : undefined;
  }

  async list(filter: MessageFilter): Promise<readonly Message[]> {
    return listMessages(this.#deps.ledger.db, filter);
  }

  async cancel(id: string, keyId?: string): Promise<CancelResult> {
    const { ledger } = this.#deps;
    return ledger.write("cancel", (entry): CancelResult => {
      const found = ledger.db
        .sql("select number, segments, key_id as keyId from message where id = ?")
        .get(id) as { number: number; segments: number; keyId: string } | undefined;
      if (found === undefined || (keyId !== undefined && found.keyId !== keyId)) return { kind: "not-found" };
      const states = ledger.db
        .sql("select state from segment where message = ? order by number")
        .all(found.number) as { state: SegmentState }[];
      const cancellable = states.every(({ state }) => state === "queued");
      for (let segment = 1; cancellable && segment <= states.length; segment++) {
        const ref = { message: found.number, segment, segments: found.segments };
        moveSegment(ledger, entry, ref, "queued", "cancelled", {
          reason: "It was cancelled before a modem took it.",
          code: "cancelled_by_caller",
        });
      }
      const message = readMessage(ledger.db, id) as Message;
      return { kind: cancellable ? "cancelled" : "too-late", message };
    });
  }

  async resolve(id: string, request: ResolveRequest, keyId?: string): Promise<ResolveResult> {
    const { ledger } = this.#deps;
    return ledger.write("resolve", (entry) => resolveUnknown(ledger, entry, id, request, keyId));
  }

  async countQueued(): Promise<number> {
    return this.#deps.gauge.unsettled();
  }

  /** Inside the transaction. A key that came before answers first, also when the outbox is full. */
  #store(entry: Entry, prepared: readonly Prepared[], context: AcceptContext, full: boolean): Stored {
    const { ledger } = this.#deps;
    const before = this.#recalled(context, entry.now);
    if (before !== undefined) return before;
    if (full) return { kind: "full" };
    let first: number | undefined;
    for (const one of prepared) {
      const number = storeMessage(ledger, entry, one, context.keyId);
      first ??= number;
    }
    if (first !== undefined) remember(ledger.db, context, entry.now, first, prepared.length);
    return { kind: "accepted", at: entry.now };
  }

  #recalled(context: AcceptContext, now: number): Stored | undefined {
    const before = recall(this.#deps.ledger.db, context, now);
    if (before === undefined) return undefined;
    return before.bodyHash === context.idempotency?.bodyHash
      ? { kind: "replayed", first: before.firstMessage, count: before.messages }
      : { kind: "conflict" };
  }

  #answer(stored: Stored, prepared: readonly Prepared[], context: AcceptContext): AcceptResult {
    switch (stored.kind) {
      case "accepted":
        return {
          kind: "accepted",
          messages: prepared.map((one) => acceptedMessage(one, context.keyId, stored.at)),
        };
      case "replayed":
        return { kind: "replayed", messages: readRange(this.#deps.ledger.db, stored.first, stored.count) };
      case "conflict":
        return { kind: "conflict" };
      case "full":
        return { kind: "full", retryAfterMs: FULL_RETRY_AFTER_MS };
    }
  }
}

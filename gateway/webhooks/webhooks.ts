/** Webhooks as the rest of the gateway knows them: made, changed, tested, replayed; and their loops. */
import type { Checkpoint } from "#gateway/checkpoints.ts";
import type { EventLog } from "#gateway/messages/types.ts";
import type { ApiKeys } from "#shared/api-keys.ts";
import type { Clock } from "#shared/clock.ts";
import type { IdFactory } from "#shared/ids.ts";
import type { Logger } from "#shared/logger.ts";
import { problem } from "#shared/problems.ts";
import type { Random } from "#shared/random.ts";
import type { Database } from "#shared/sqlite.ts";
import { createWebhookSecret } from "#shared/webhook-signature.ts";
import { DELIVERIES_PRUNED_MAX, listDeliveries, owe, pruneDeliveries } from "./deliveries.ts";
import * as endpoints from "./endpoints.ts";
import { sequenceBefore } from "./feed.ts";
import { maySee } from "./payload.ts";
import { createPoster, type Poster } from "./post.ts";
import { type Sender, startSender } from "./sender.ts";
import { type TargetGuard, TargetRefused } from "./target.ts";
import type { Attempt, Replay, ReplayRange, Webhook, Webhooks, WebhookWithSecret } from "./types.ts";

const WEBHOOKS_MAX = 100;
const REPLAYS_MAX = 10;
const PRUNE_EVERY_MS = 3_600_000;

export interface WebhooksDeps {
  readonly db: Database;
  readonly events: EventLog;
  readonly keys: ApiKeys;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: IdFactory;
  readonly log: Logger;
  readonly guard: TargetGuard;
  /** In place of the HTTP client, in tests. */
  readonly poster?: Poster;
  readonly checkpoint?: Checkpoint;
}

export function createWebhooks(deps: WebhooksDeps): Webhooks {
  return new StoredWebhooks(deps);
}

class StoredWebhooks implements Webhooks {
  readonly #deps: WebhooksDeps;
  readonly #poster: Poster;
  readonly #senders = new Map<number, Sender>();
  readonly #ending = new AbortController();
  #unsubscribe: (() => void) | undefined;
  #pruning: Promise<void> | undefined;

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
    this.#poster = deps.poster ?? createPoster(deps);
  }

  start(): void {
    for (const row of endpoints.allWebhooks(this.#deps.db)) this.#startSender(row.number);
    this.#unsubscribe = this.#deps.events.onAppended(() => this.#ringAll());
    this.#pruning = this.#prune();
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#unsubscribe?.();
    await Promise.all([...this.#senders.values()].map((sender) => sender.stop()));
    await this.#pruning;
    this.#poster.close();
  }

  async create(keyId: string, wanted: Parameters<Webhooks["create"]>[1]): Promise<WebhookWithSecret> {
    const { db, ids, random, clock, events } = this.#deps;
    this.#checkTarget(wanted.url);
    const creation = {
      id: ids("whk"),
      keyId,
      secret: createWebhookSecret(random),
      at: clock.now(),
      afterSequence: await events.lastSequence(),
    };
    await db.write(() => {
      if (endpoints.countWebhooks(db) >= WEBHOOKS_MAX)
        throw problem("too_many_webhooks", { detail: `At most ${WEBHOOKS_MAX}.` });
      endpoints.insertWebhook(db, wanted, creation);
    });
    const row = this.#row(creation.id);
    if (this.#unsubscribe !== undefined) this.#startSender(row.number);
    return { webhook: this.#render(row), secret: creation.secret };
  }

  list(keyId?: string): readonly Webhook[] {
    return endpoints
      .allWebhooks(this.#deps.db)
      .filter((row) => keyId === undefined || row.key_id === keyId)
      .map((row) => this.#render(row));
  }

  get(id: string, keyId?: string): Webhook | undefined {
    const row = endpoints.findWebhook(this.#deps.db, id);
    return row === undefined || (keyId !== undefined && row.key_id !== keyId) ? undefined : this.#render(row);
  }

  async change(id: string, change: Parameters<Webhooks["change"]>[1]): Promise<Webhook | undefined> {
    const { db } = this.#deps;
    if (change.url !== undefined) this.#checkTarget(change.url);
    const changed = await db.write(() => {
      const row = endpoints.findWebhook(db, id);
      if (row !== undefined) endpoints.updateWebhook(db, row, change);
      return row;
    });
    if (changed === undefined) return undefined;
    this.#senders.get(changed.number)?.ring();
    return this.get(id);
  }

  async remove(id: string): Promise<boolean> {
    const { db } = this.#deps;
    const row = endpoints.findWebhook(db, id);
    if (row === undefined) return false;
    await this.#senders.get(row.number)?.stop();
    this.#senders.delete(row.number);
    await db.write(() => db.sql("delete from webhook where number = ?").run(row.number));
    return true;
  }

  async rotate(id: string, overlapMs: number): Promise<WebhookWithSecret | undefined> {
    const { db, clock, random } = this.#deps;
    const secret = createWebhookSecret(random);
    const { changes } = await db.write(() =>
      db
        .sql("update webhook set previous_secret = secret, previous_until = ?, secret = ? where id = ?")
        .run(clock.now() + overlapMs, secret, id),
    );
    return changes === 0 ? undefined : { webhook: this.#render(this.#row(id)), secret };
  }

  async test(id: string): Promise<Attempt | undefined> {
    const { db, ids, clock } = this.#deps;
    const row = endpoints.findWebhook(db, id);
    if (row === undefined) return undefined;
    const at = clock.now();
    const event = { id: ids("evt"), type: "webhook.test", timestamp: new Date(at).toISOString(), data: {} };
    const secrets = endpoints.secretsOf(row, at);
    const parcel = { url: row.url, secrets, id: event.id, body: JSON.stringify(event) };
    const { status, error, durationMs } = await this.#poster.post(parcel, this.#ending.signal);
    return {
      at,
      durationMs,
      ...(status === undefined ? {} : { status }),
      ...(error === undefined ? {} : { error }),
    };
  }

  async replay(id: string, range: ReplayRange): Promise<Replay | undefined> {
    const row = this.#row(id);
    const replay =
      "eventId" in range ? await this.#replayOne(row, range.eventId) : await this.#replayRange(row, range);
    this.#senders.get(row.number)?.ring();
    return replay;
  }

  deliveries(id: string, filter: Parameters<Webhooks["deliveries"]>[1]) {
    return listDeliveries(this.#deps.db, this.#row(id).number, filter);
  }

  async #replayOne(row: endpoints.WebhookRow, eventId: string): Promise<Replay | undefined> {
    const { db, events, keys, clock } = this.#deps;
    const event = await events.get(eventId);
    const key = keys.get(row.key_id);
    if (event === undefined || key === undefined || !maySee(key, event)) return undefined;
    await db.write(() => owe(db, row.number, [event], clock.now()));
    return { fromSequence: event.sequence, untilSequence: event.sequence };
  }

  async #replayRange(
    row: endpoints.WebhookRow,
    range: { readonly since: number; readonly until?: number },
  ): Promise<Replay> {
    const { db, events } = this.#deps;
    const after = await sequenceBefore(events, range.since);
    const until =
      range.until === undefined ? await events.lastSequence() : await sequenceBefore(events, range.until + 1);
    if (until > after)
      await db.write(() => {
        const { n } = db
          .sql("select count(*) as n from webhook_range where webhook = ? and until is not null")
          .get(row.number) as { n: number };
        if (n >= REPLAYS_MAX) throw problem("too_many_replays", { detail: `At most ${REPLAYS_MAX}.` });
        endpoints.insertRange(db, row.number, after, until);
      });
    return { fromSequence: after + 1, untilSequence: until };
  }

  #checkTarget(url: string): void {
    try {
      this.#deps.guard.checkHost(new URL(url).hostname);
    } catch (error) {
      if (!(error instanceof TargetRefused)) throw error;
      throw problem("target_not_allowed", {
        detail: error.message,
        errors: [{ pointer: "/url", detail: error.message }],
      });
    }
  }

  #row(id: string): endpoints.WebhookRow {
    const row = endpoints.findWebhook(this.#deps.db, id);
    if (row === undefined) throw problem("not_found", { detail: `There is no webhook ${id} for this key.` });
    return row;
  }

  #render(row: endpoints.WebhookRow): Webhook {
    return endpoints.toWebhook(this.#deps.db, row, this.#deps.clock.now());
  }

  #startSender(number: number): void {
    this.#senders.set(number, startSender({ ...this.#deps, poster: this.#poster }, number));
  }

  #ringAll(): void {
    for (const sender of this.#senders.values()) sender.ring();
  }

  async #prune(): Promise<void> {
    const { db, clock, log } = this.#deps;
    while (!this.#ending.signal.aborted) {
      try {
        while ((await pruneDeliveries(db, clock.now())) === DELIVERIES_PRUNED_MAX);
      } catch (error) {
        log.warn({ err: error }, "old webhook deliveries could not be deleted");
      }
      await clock.sleep(PRUNE_EVERY_MS, this.#ending.signal);
    }
  }
}

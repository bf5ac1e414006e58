/**
 * One receiver's own loop: it fills its window from the event log, posts what is due, and sleeps until
 * something happens. Receivers share nothing but the database, so one that hangs delays no other.
 */
import type { Checkpoint } from "#gateway/checkpoints.ts";
import type { EventLog } from "#gateway/messages/types.ts";
import { type ApiKey, type ApiKeys, isUsable } from "#shared/api-keys.ts";
import { type Bell, createBell } from "#shared/bell.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { Random } from "#shared/random.ts";
import type { Database } from "#shared/sqlite.ts";
import { bringForward, type DueDelivery, dueDeliveries, nextDueAt, settle } from "./deliveries.ts";
import { disableWebhook, secretsOf, type WebhookRow } from "./endpoints.ts";
import { createFeed, type Feed } from "./feed.ts";
import { renderEvent } from "./payload.ts";
import type { Posted, Poster } from "./post.ts";
import { judge, type Verdict } from "./schedule.ts";
import type { Attempt } from "./types.ts";

/** Posts on the way to one receiver at the same time; one alone while it keeps failing. */
const POSTS_MAX = 4;
const FAILURES_UNTIL_CAUTIOUS = 3;
/** A backstop: commits and settled posts ring the bell. */
const IDLE_MS = 600_000;

export interface SenderDeps {
  readonly db: Database;
  readonly events: EventLog;
  readonly keys: Pick<ApiKeys, "get">;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly poster: Poster;
  readonly checkpoint?: Checkpoint;
}

export interface Sender {
  /** Something happened that may be for this receiver. */
  ring(): void;
  /** Ends posts on the way; what they carried stays owed. */
  stop(): Promise<void>;
}

export function startSender(deps: SenderDeps, webhook: number): Sender {
  const ending = new AbortController();
  const bell = createBell();
  const feed = createFeed(deps.db, deps.events, deps.checkpoint);
  const run = new Run(deps, webhook, bell, feed, ending.signal);
  const ended = run.loop();
  return {
    ring: () => run.ring(),
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

class Run {
  readonly #deps: SenderDeps;
  readonly #webhook: number;
  readonly #bell: Bell;
  readonly #feed: Feed;
  readonly #signal: AbortSignal;
  readonly #onTheWay = new Map<number, Promise<void>>();
  #failures: number | undefined;
  #pausedUntil = 0;
  /** There may be something in the log that was not looked at. */
  #unread = true;

  constructor(deps: SenderDeps, webhook: number, bell: Bell, feed: Feed, signal: AbortSignal) {
    this.#deps = deps;
    this.#webhook = webhook;
    this.#bell = bell;
    this.#feed = feed;
    this.#signal = signal;
  }

  ring(): void {
    this.#unread = true;
    this.#bell.ring();
  }

  async loop(): Promise<void> {
    const { clock, log } = this.#deps;
    while (!this.#signal.aborted) {
      let waitMs = IDLE_MS;
      try {
        waitMs = await this.#turn();
      } catch (error) {
        log.error({ err: error, webhook: this.#webhook }, "a webhook loop stumbled and goes on");
      }
      if (waitMs > 0) await this.#bell.wait(clock, waitMs, this.#signal);
    }
    await Promise.all(this.#onTheWay.values());
  }

  /** Does what can be done now. Returns how long nothing else will be due. */
  async #turn(): Promise<number> {
    const { db, clock, keys } = this.#deps;
    const row = db.sql("select * from webhook where number = ?").get(this.#webhook) as WebhookRow | undefined;
    if (row === undefined || row.enabled === 0) return IDLE_MS;
    const now = clock.now();
    const key = keys.get(row.key_id);
    if (!isUsable(key, now)) {
      await db.write(() => disableWebhook(db, row.number, "the key that made it was revoked or has expired"));
      return IDLE_MS;
    }
    this.#failures ??= (row.last_failure_at ?? 0) > (row.last_success_at ?? 0) ? FAILURES_UNTIL_CAUTIOUS : 0;
    const more = this.#unread && (await this.#fill(row, key, now));
    if (this.#signal.aborted) return IDLE_MS;
    if (this.#pausedUntil > now) return Math.min(this.#pausedUntil - now, IDLE_MS);
    const free = this.#limit() - this.#onTheWay.size;
    if (free > 0) this.#launch(row, now, free);
    if (more) return 0;
    const dueAt = nextDueAt(db, row.number, now);
    return Math.min(dueAt === undefined ? IDLE_MS : dueAt - now, IDLE_MS);
  }

  /** True when there is more to read at once. */
  async #fill(row: WebhookRow, key: ApiKey, now: number): Promise<boolean> {
    this.#unread = false;
    const filled = await this.#feed.fill(row, key, now);
    if (filled !== "read") this.#unread = true;
    return filled === "more";
  }

  #limit(): number {
    return (this.#failures ?? 0) >= FAILURES_UNTIL_CAUTIOUS ? 1 : POSTS_MAX;
  }

  #launch(row: WebhookRow, now: number, free: number): void {
    const due = dueDeliveries(this.#deps.db, row.number, now, this.#onTheWay.size + free);
    for (const delivery of due.filter((one) => !this.#onTheWay.has(one.number)).slice(0, free)) {
      const done = this.#deliver(row, delivery)
        .catch((error: unknown) =>
          this.#deps.log.error({ err: error, webhook: row.id }, "a webhook's outcome could not be stored"),
        )
        .finally(() => {
          this.#onTheWay.delete(delivery.number);
          this.#bell.ring();
        });
      this.#onTheWay.set(delivery.number, done);
    }
  }

  async #deliver(row: WebhookRow, delivery: DueDelivery): Promise<void> {
    const { clock, random } = this.#deps;
    const posted = await this.#post(row, delivery);
    if (this.#signal.aborted && posted.error !== undefined) return;
    const tries = delivery.attempts - delivery.attempts_before + 1;
    const verdict =
      posted.gone === true ? ({ kind: "give-up" } as const) : judge(posted, tries, random.float());
    const { status, error, answer, durationMs } = posted;
    await this.#settle(row, delivery, verdict, {
      at: clock.now(),
      durationMs,
      ...(status === undefined ? {} : { status }),
      ...(error === undefined ? {} : { error }),
      ...(answer === undefined ? {} : { response: answer }),
    });
  }

  async #post(row: WebhookRow, delivery: DueDelivery): Promise<Posted & { readonly gone?: boolean }> {
    const { clock, events, poster } = this.#deps;
    const event = await events.get(delivery.event_id);
    if (event === undefined) return { error: "the event is not stored any more", durationMs: 0, gone: true };
    const secrets = secretsOf(row, clock.now());
    const body = JSON.stringify(renderEvent(event));
    return poster.post({ url: row.url, secrets, id: event.id, body }, this.#signal);
  }

  async #settle(row: WebhookRow, delivery: DueDelivery, verdict: Verdict, attempt: Attempt): Promise<void> {
    const { db, log, checkpoint } = this.#deps;
    const recovered = verdict.kind === "delivered" && (this.#failures ?? 0) >= FAILURES_UNTIL_CAUTIOUS;
    checkpoint?.("before-mark");
    await db.write(() => {
      settle(db, row.number, delivery, attempt, verdict);
      if (recovered) bringForward(db, row.number, attempt.at);
      if (verdict.kind === "disable") disableWebhook(db, row.number, "the receiver answered 410 Gone");
    });
    checkpoint?.("after-mark");
    this.#failures = verdict.kind === "delivered" ? 0 : (this.#failures ?? 0) + 1;
    if (verdict.kind === "pause") this.#pausedUntil = attempt.at + verdict.afterMs;
    const entry = {
      webhook: row.id,
      event: delivery.event_id,
      status: attempt.status,
      reason: attempt.error,
    };
    if (verdict.kind === "give-up") log.warn(entry, "a webhook was given up after its last try");
    else if (verdict.kind === "disable") log.warn(entry, "a webhook was disabled by its receiver");
    else if (verdict.kind !== "delivered") log.debug(entry, "a webhook will be tried again");
  }
}

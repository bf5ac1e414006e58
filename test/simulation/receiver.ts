/** The receiver of webhooks: it takes what is posted, when it is well, and keeps what it took. */
import type { Parcel, Posted, Poster } from "#gateway/webhooks/post.ts";
import type { Clock } from "#shared/clock.ts";
import type * as api from "#shared/gateway-api.ts";
import type { Random } from "#shared/random.ts";
import type { Plan, PlannedOutage } from "./plan.ts";

const ANSWER_MS = 40;
const TIMEOUT_MS = 15_000;
const PAUSE_MS = 90_000;

export interface Taken {
  readonly atMs: number;
  readonly id: string;
  readonly body: string;
  readonly event: api.GatewayEvent;
}

type Answer = PlannedOutage["how"] | "taken";

export class Receiver {
  readonly taken: Taken[] = [];
  readonly #plan: Plan;
  readonly #random: Random;
  /** Everybody is well from now on. */
  healed = false;

  constructor(plan: Plan, random: Random) {
    this.#plan = plan;
    this.#random = random;
  }

  /** How one process posts; a wait of a process that dies never ends. */
  posterOn(clock: Clock): Poster {
    return {
      post: async (parcel, signal) => {
        const startedAt = clock.monotonic();
        const posted = await this.#post(parcel, clock, signal);
        return { ...posted, durationMs: Math.round(clock.monotonic() - startedAt) };
      },
      close: () => undefined,
    };
  }

  async #post(parcel: Parcel, clock: Clock, signal: AbortSignal): Promise<Omit<Posted, "durationMs">> {
    const answer = this.#answerAt(clock.monotonic());
    await clock.sleep(answer === "timeout" ? TIMEOUT_MS : ANSWER_MS, signal);
    if (signal.aborted) return { error: "the gateway is stopping" };
    switch (answer) {
      case "taken":
      case "lost-answer": {
        const event = JSON.parse(parcel.body) as api.GatewayEvent;
        this.taken.push({ atMs: clock.monotonic(), id: parcel.id, body: parcel.body, event });
        return answer === "taken" ? { status: 204 } : { error: "socket hang up" };
      }
      case "error":
        return { status: 500, error: "answered 500" };
      case "refused":
        return { error: "connect ECONNREFUSED" };
      case "timeout":
        return { error: "no complete answer within 15 seconds" };
      case "pause":
        return { status: 503, error: "answered 503", retryAfterMs: PAUSE_MS };
    }
  }

  #answerAt(atMs: number): Answer {
    if (this.healed) return "taken";
    const outage = this.#plan.outages.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
    if (outage !== undefined) return outage.how;
    return this.#random.float() < this.#plan.postErrors ? "error" : "taken";
  }
}

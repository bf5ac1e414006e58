/**
 * The program that hands messages in: with an idempotency key, and again with the same one when the
 * gateway did not answer. What it was told is accepted is what the judge asks for.
 */
import type { NewMessage } from "#gateway/messages/types.ts";
import { type PlannedMessage, textOf } from "./plan.ts";
import type { Life, World } from "./world.ts";

const AGAIN_MS = 2_000;

export interface Accepted {
  readonly id: string;
  readonly planned: PlannedMessage;
  /** Simulated time of the answer. */
  readonly atMs: number;
}

export class Caller {
  readonly accepted: Accepted[] = [];
  /** Requests without an answer. */
  calling = 0;
  #answers = 0;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  arrange(): void {
    const { plan, clock } = this.#world;
    for (const [atMs, messages] of Map.groupBy(plan.messages, (message) => message.atMs)) {
      this.calling++;
      clock.timer(atMs, () => void this.#send(`request-${atMs}`, messages));
    }
  }

  async #send(key: string, messages: readonly PlannedMessage[]): Promise<void> {
    const { clock } = this.#world;
    for (;;) {
      const { life } = this.#world;
      if (life?.ready === true && (await this.#ask(life, key, messages))) break;
      await clock.sleep(AGAIN_MS);
    }
    this.calling--;
  }

  /** True when the gateway answered. */
  async #ask(life: Life, key: string, messages: readonly PlannedMessage[]): Promise<boolean> {
    const { clock, keyId } = this.#world;
    const context = { keyId, idempotency: { key, bodyHash: key } };
    const now = life.clock.now();
    const asking = life.core.messages.accept(
      messages.map((message) => toNew(message, now)),
      context,
    );
    const answer = await Promise.race([asking, clock.sleep(AGAIN_MS)]);
    if (answer === undefined || !life.alive) return false;
    if (answer.kind !== "accepted" && answer.kind !== "replayed") throw new Error(answer.kind);
    this.#answers++;
    for (const [i, { id }] of answer.messages.entries())
      this.#took({ id, planned: messages[i] as PlannedMessage, atMs: clock.monotonic() });
    for (const answered of this.#world.onAnswer) answered(this.#answers);
    return true;
  }

  #took(accepted: Accepted): void {
    this.accepted.push(accepted);
    const { cancelAfterMs } = accepted.planned;
    if (cancelAfterMs === undefined) return;
    this.#world.clock.timer(cancelAfterMs, () => {
      const { life, keyId } = this.#world;
      if (life?.ready === true) void life.core.messages.cancel(accepted.id, keyId);
    });
  }
}

function toNew(planned: PlannedMessage, now: number): NewMessage {
  const { to, priority, report, onUnknown, evidence, validitySeconds, notBeforeMs, notAfterMs } = planned;
  return {
    to,
    text: textOf(planned),
    priority,
    report,
    transliterate: false,
    onUnknown,
    ...(evidence === undefined ? {} : { evidence }),
    ...(validitySeconds === undefined ? {} : { validitySeconds }),
    ...(notBeforeMs === undefined ? {} : { notBefore: now + notBeforeMs }),
    ...(notAfterMs === undefined ? {} : { notAfter: now + notAfterMs }),
  };
}

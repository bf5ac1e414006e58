/** The story of the demo: three messages on their way, and a reply. */
import type { Clock } from "#shared/clock.ts";
import type { GatewayEvent, Message } from "#shared/gateway-api.ts";
import { Board, type BoardRow, type Screen } from "./board.ts";
import { callJson, type GatewayClient } from "./client.ts";

export interface Story {
  readonly gateway: GatewayClient;
  /** Address of the simulator's control API. */
  readonly control: string;
  readonly screen: Screen;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Numbers that the German regulator keeps for films: nobody has them. */
const SOPHIE = "+491713920011";
const HARUN = "+491713920022";
const ASLEEP = "+491713920033";
const REPLY_AFTER_MS = 2_000;
/** How long the third phone stays off, so that its message is seen waiting in the network. */
const ASLEEP_MS = 12_000;
const STORY_TIMEOUT_MS = 120_000;
const ROWS_MAX = 20;

const LONG_TEXT =
  "Dear Harun, thank you for your call 📞. As agreed, your invoice 1047 of € 129.90 may be paid in two parts: " +
  "the first half by Friday, the second by the end of the month. You need do nothing else. " +
  "Kind regards, your utility 💧";

const MESSAGES = [
  { label: "plain", to: SOPHIE, text: "Invoice 1047 is due on Friday. Thank you." },
  { label: "long, with emoji", to: HARUN, text: LONG_TEXT },
  { label: "to a phone that is off", to: ASLEEP, text: "Your appointment is tomorrow at 9:00." },
] as const;

/**
 * Resolves when all three have been delivered and the reply has come in, or when the signal aborts.
 * @throws Error when they have not arrived within two minutes.
 */
export async function playMessages(story: Story): Promise<void> {
  const { gateway, control, clock } = story;
  const told = new AbortController();
  const signal = AbortSignal.any([story.signal, told.signal]);
  await setHandset(control, SOPHIE, { replies: [{ reply: "OK, will pay today", afterMs: REPLY_AFTER_MS }] });
  await setHandset(control, ASLEEP, { state: "off" });
  const table = new MessageTable(story.screen);
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
  const cancelTimeout = clock.timer(STORY_TIMEOUT_MS, () =>
    reject(new Error("The messages did not arrive within two minutes.")),
  );
  let replied = false;
  let waking = false;
  const onEvent = async (event: GatewayEvent): Promise<void> => {
    if (event.type === "inbound.received") {
      replied = true;
      table.say(`\n  reply from ${event.data.from}: “${event.data.text}”\n`);
    } else if (event.messageId !== undefined) table.show(await gateway.message(event.messageId));
    if (!waking && table.delivered === MESSAGES.length - 1) {
      waking = true;
      table.say("\n  The third phone is off. The network keeps its message until it is on again.\n");
      clock.timer(ASLEEP_MS, () => setHandset(control, ASLEEP, { state: "on" }).catch(reject));
    }
    if (replied && table.delivered === MESSAGES.length) resolve();
  };
  signal.addEventListener("abort", () => resolve(), { once: true });
  await gateway.follow((event) => void onEvent(event).catch(reject), signal);
  for (const { label, to, text } of MESSAGES) table.show(await gateway.send({ to, text }), label);
  try {
    await finished;
  } finally {
    cancelTimeout();
    told.abort();
  }
}

/** Shows each message that is sent from now on, until the signal aborts. */
export async function watchMessages(story: Pick<Story, "gateway" | "screen" | "signal">): Promise<void> {
  const table = new MessageTable(story.screen);
  const show = async ({ messageId }: GatewayEvent): Promise<void> => {
    if (messageId !== undefined) table.show(await story.gateway.message(messageId));
  };
  // A message that cannot be read now is shown at its next event.
  await story.gateway.follow((event) => void show(event).catch(() => undefined), story.signal);
}

function setHandset(
  control: string,
  number: string,
  state: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  return callJson(`${control}/handsets/${encodeURIComponent(number)}`, "PUT", state);
}

/** The messages seen so far, in the order in which they came. */
class MessageTable {
  readonly #board: Board;
  readonly #rows = new Map<string, { readonly label: string; readonly message: Message }>();

  constructor(screen: Screen) {
    this.#board = new Board(screen);
  }

  get delivered(): number {
    return [...this.#rows.values()].filter(({ message }) => message.state === "delivered").length;
  }

  show(message: Message, label = this.#rows.get(message.id)?.label ?? "yours"): void {
    this.#rows.set(message.id, { label, message });
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > ROWS_MAX && oldest !== undefined) this.#rows.delete(oldest);
    this.#draw();
  }

  say(text: string): void {
    this.#board.say(text);
    this.#draw();
  }

  #draw(): void {
    this.#board.draw([...this.#rows.values()].map(({ label, message }) => boardRow(label, message)));
  }
}

function boardRow(label: string, message: Message): BoardRow {
  const parts = message.segments.length === 1 ? "" : ` (${message.segments.length} segments)`;
  return {
    label: `${label}${parts}`,
    to: message.to,
    queuedAt: message.acceptedAt,
    ...(message.submittedAt !== undefined && { submittedAt: message.submittedAt }),
    ...(message.deliveredAt !== undefined && { deliveredAt: message.deliveredAt }),
    state: message.state,
  };
}

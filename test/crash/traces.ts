/** What a round of dying and starting again leaves in the network, the modem and the gateway. */
import { expect } from "vitest";
import { STATUS } from "#hardware/simulator/sim/message-store.ts";
import type { Message, SendMessage } from "#shared/gateway-api.ts";
import { eventually } from "#test/support/eventually.ts";
import type { Mortal } from "./mortal.ts";

export interface Round {
  readonly number: number;
  /** Of all messages of this round. */
  readonly reference: string;
  /** A number that no other round sends to. */
  recipient(i: number): string;
}

export function roundOf(number: number): Round {
  return {
    number,
    reference: `round-${number}`,
    recipient: (i) => `+49171${String(3_000_000 + number * 10 + i)}`,
  };
}

export const LONG = "A text of two parts, of which the second one must not overtake the first. ".repeat(3);
/** Of 27.005 3.1; what we stored ourselves to send it has others. */
const RECEIVED: readonly number[] = [STATUS.unread, STATUS.read];
const FACT_MS_MAX = 60_000;

/** One request for all of them, with the key that makes it repeatable. */
export async function post(
  mortal: Mortal,
  round: Round,
  messages: readonly Partial<SendMessage>[],
): Promise<void> {
  const full = messages.map((message, i) => ({
    to: round.recipient(i),
    text: `message ${i}`,
    reference: round.reference,
    ...message,
  }));
  await mortal.post("/v1/messages/batch", { messages: full }, { "idempotency-key": round.reference });
}

/** Parts that reached the network, by recipient and place: `+49… 2/2`. */
export function partsSent(mortal: Mortal): readonly string[] {
  const entries = mortal.simulator.ledger.entries();
  return entries.map(({ destination, concatenation }) => {
    const { sequence, total } = concatenation ?? { sequence: 1, total: 1 };
    return `${destination} ${sequence}/${total}`;
  });
}

function partsOf({ to, segmentCount }: Message): readonly string[] {
  return Array.from({ length: segmentCount }, (_, i) => `${to} ${i + 1}/${segmentCount}`);
}

/** Delivered; or unknown, with the proof still out that all of it was sent. */
export async function isSent(mortal: Mortal, { reference }: Round): Promise<boolean> {
  const sent = new Set(partsSent(mortal));
  const messages = await mortal.messages(reference);
  return messages.every(
    (message) =>
      message.state === "delivered" ||
      (message.state === "unknown" && partsOf(message).some((part) => !sent.has(part))),
  );
}

/** So many messages were accepted, none of them twice, and no part of them went out twice. */
export async function judgeSent(mortal: Mortal, { reference }: Round, count: number): Promise<void> {
  const sent = partsSent(mortal);
  const messages = await mortal.messages(reference);
  expect(messages, "each accepted once").toHaveLength(count);
  expect(new Set(messages.map(({ to }) => to)).size).toBe(count);
  for (const message of messages)
    for (const part of partsOf(message)) {
      const times = sent.filter((one) => one === part).length;
      expect(times, `${part} of a message that is ${message.state}`).toBeLessThanOrEqual(1);
      if (message.state === "delivered") expect(times, `${part} was delivered`).toBe(1);
    }
}

export async function stateOf(mortal: Mortal, { reference }: Round): Promise<string | undefined> {
  return (await mortal.messages(reference))[0]?.state;
}

export function untilFact(what: string, fact: () => boolean | Promise<boolean>): Promise<unknown> {
  return eventually(what, FACT_MS_MAX, async () => ((await fact()) ? true : undefined));
}

/** Received messages and reports that lie in the modem. */
export function storedInModem(mortal: Mortal): number {
  return statesIn(mortal).filter((state) => RECEIVED.includes(state)).length;
}

/** What we put there to send it, and have not deleted. */
export function toBeSentInModem(mortal: Mortal): number {
  return statesIn(mortal).filter((state) => !RECEIVED.includes(state)).length;
}

function statesIn({ modem: { modem } }: Mortal): readonly number[] {
  const all = (["ME", "SM", "SR"] as const).flatMap((name) => modem.memories.list(name));
  return all.map(({ message }) => message.status);
}

export async function unknownMessages(mortal: Mortal): Promise<number> {
  return ((await mortal.get("/v1/messages?state=unknown&limit=100")) as { items: unknown[] }).items.length;
}

export async function receivedIn(mortal: Mortal, round: Round) {
  const senders = [round.recipient(0), round.recipient(1)];
  return (await mortal.inbound()).filter(({ from }) => senders.includes(from));
}

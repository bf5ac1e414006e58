/** What the gateway is doing when it dies, what its caller does afterwards, and what must have become of it. */
import { expect } from "vitest";
import { systemClock } from "#shared/clock.ts";
import type { Mortal } from "./mortal.ts";
import { isSent, judgeSent, LONG, post, type Round, receivedIn, stateOf, storedInModem } from "./traces.ts";

export interface Errand {
  /** It dies while it starts, like this; else while it works. */
  readonly birth?: { readonly aheadMs?: number; readonly prefixes?: readonly string[] };
  /** Before the gateway knows where it will die. */
  prepare?(mortal: Mortal, round: Round): Promise<unknown>;
  /** Leads it to its death, so that calls may fail. */
  act?(mortal: Mortal, round: Round): Promise<unknown>;
  /** Whoever got no answer asks again, after the restart. */
  again?(mortal: Mortal, round: Round): Promise<unknown>;
  /** Nothing more will come of it. */
  isOver(mortal: Mortal, round: Round): Promise<boolean>;
  judge(mortal: Mortal, round: Round): Promise<unknown>;
}

const HOUR_MS = 3_600_000;
const MESSAGES = 3;

const inFuture = (ms: number): string => new Date(systemClock.now() + ms).toISOString();

export const sending: Errand = {
  act: (mortal, round) => post(mortal, round, [{}, { text: LONG }, {}]),
  again: (mortal, round) => sending.act?.(mortal, round) ?? Promise.resolve(),
  isOver: isSent,
  judge: (mortal, round) => judgeSent(mortal, round, MESSAGES),
};

/** It died before, with a segment on the air. */
export const starting: Errand = {
  ...sending,
  birth: {},
  prepare: async (mortal, round) => {
    const death = { place: "on-the-air", nth: 1 } as const;
    await mortal.arm(death);
    await Promise.allSettled([sending.act?.(mortal, round), mortal.dead(death)]);
  },
};

export const receiving: Errand = {
  async act(mortal, round) {
    const { network } = mortal.simulator;
    const { imsi } = mortal;
    network.sendToSim({ imsi, from: round.recipient(0), text: `one to ${round.reference}` });
    network.sendToSim({ imsi, from: round.recipient(1), text: `${round.reference} ${LONG}` });
  },
  async isOver(mortal, round) {
    return storedInModem(mortal) === 0 && (await receivedIn(mortal, round)).length >= 2;
  },
  async judge(mortal, round) {
    const received = await receivedIn(mortal, round);
    expect(received.map(({ from, complete }) => `${from} ${complete}`).sort()).toEqual([
      `${round.recipient(0)} true`,
      `${round.recipient(1)} true`,
    ]);
  },
};

export const cancelling: Errand = {
  prepare: (mortal, round) => post(mortal, round, [{ notBefore: inFuture(8_000 * HOUR_MS) }]),
  async act(mortal, round) {
    const [message] = await mortal.messages(round.reference);
    await mortal.post(`/v1/messages/${message?.id}/cancel`, undefined);
  },
  async again(mortal, round) {
    if ((await stateOf(mortal, round)) === "queued") await cancelling.act?.(mortal, round);
  },
  isOver: async (mortal, round) => (await stateOf(mortal, round)) === "cancelled",
  judge: (mortal, round) => judgeSent(mortal, round, 1),
};

/** What seldom happens to a message: it waits too long, its SIM is taken out of service, its parts are torn apart. */
import { expect } from "vitest";
import { systemClock } from "#shared/clock.ts";
import type { Errand } from "./errands.ts";
import type { Mortal } from "./mortal.ts";
import {
  isSent,
  judgeSent,
  LONG,
  post,
  receivedIn,
  stateOf,
  storedInModem,
  toBeSentInModem,
  unknownMessages,
  untilFact,
} from "./traces.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const PATIENCE_MS = 1_000;
/** CMS 41, temporary failure: the same SIM tries again in half a minute. */
const TEMPORARY_FAILURE = 41;

const park = (mortal: Mortal) => mortal.post(`/v1/sims/${mortal.iccid}/park`, {});
const release = (mortal: Mortal) => mortal.post(`/v1/sims/${mortal.iccid}/release`, undefined);

async function isParked(mortal: Mortal): Promise<boolean> {
  const { items } = (await mortal.get("/v1/sims")) as { items: { parked?: object }[] };
  return items[0]?.parked !== undefined;
}

export const parking: Errand = {
  act: park,
  again: park,
  isOver: isParked,
  judge: release,
};

export const releasing: Errand = {
  prepare: park,
  act: release,
  again: release,
  isOver: async (mortal) => !(await isParked(mortal)),
  judge: (mortal, round) => judgeSent(mortal, round, 0),
};

export const expiring: Errand = {
  async prepare(mortal, round) {
    await mortal.isReady();
    await park(mortal);
    const notAfter = new Date(systemClock.now() + mortal.aheadMs + PATIENCE_MS).toISOString();
    await post(mortal, round, [{ notAfter }]);
  },
  isOver: async (mortal, round) => (await stateOf(mortal, round)) === "expired",
  async judge(mortal, round) {
    await release(mortal);
    await judgeSent(mortal, round, 1);
  },
};

/** A request comes again when it could not be accepted any more: it is answered like the first time. */
export const repeating: Errand = {
  async prepare(mortal, round) {
    await mortal.isReady();
    await park(mortal);
    const notAfter = new Date(systemClock.now() + mortal.aheadMs + PATIENCE_MS).toISOString();
    repeating.act = () => post(mortal, round, [{ notAfter }]);
    await repeating.act(mortal, round);
    await untilFact("expired", async () => (await stateOf(mortal, round)) === "expired");
  },
  again: (mortal, round) => repeating.act?.(mortal, round) ?? Promise.resolve(),
  isOver: expiring.isOver,
  judge: expiring.judge,
};

/** Its report does not come within the validity period. */
export const overdue: Errand = {
  birth: { aheadMs: 5 * DAY_MS },
  async prepare(mortal, round) {
    const recipient = round.recipient(0);
    mortal.simulator.faults.arm({ at: "report", recipient, action: { kind: "lose-report" } });
    await post(mortal, round, [{}]);
    await untilFact("submitted", async () => (await stateOf(mortal, round)) === "submitted");
    await mortal.kill();
  },
  isOver: async (mortal, round) => (await stateOf(mortal, round)) === "expired",
  judge: (mortal, round) => judgeSent(mortal, round, 1),
};

/** The rest of a received message does not come within a day. */
export const halfReceived: Errand = {
  birth: { aheadMs: 2 * DAY_MS },
  async prepare(mortal, round) {
    const { imsi } = mortal;
    const from = round.recipient(0);
    mortal.simulator.network.sendToSim({ imsi, from, text: `${round.reference} ${LONG}`, order: "missing" });
    await untilFact("it arrived", () => storedInModem(mortal) > 0);
    await untilFact("it is stored", () => storedInModem(mortal) === 0);
    await mortal.kill();
  },
  isOver: async (mortal, round) => (await receivedIn(mortal, round)).length > 0,
  async judge(mortal, round) {
    expect((await receivedIn(mortal, round)).map(({ complete }) => complete)).toEqual([false]);
  },
};

/** A long message is tried again so late that its parts need another reference. */
export const renewing: Errand = {
  birth: { aheadMs: 10 * MINUTE_MS },
  async prepare(mortal, round) {
    const recipient = round.recipient(0);
    const action = { kind: "refuse", cms: TEMPORARY_FAILURE } as const;
    mortal.simulator.faults.arm({ at: "submit", recipient, action });
    await post(mortal, round, [{ text: LONG }]);
    await untilFact("refused", async () => {
      const [first] = (await mortal.messages(round.reference))[0]?.segments ?? [];
      return first?.state === "queued" && first.attempts === 1;
    });
    await mortal.kill();
  },
  isOver: isSent,
  async judge(mortal, round) {
    await judgeSent(mortal, round, 1);
    const parts = mortal.simulator.ledger.entries({ destination: round.recipient(0) });
    expect(parts.map(({ concatenation }) => concatenation?.sequence)).toEqual([1, 2]);
    expect(new Set(parts.map(({ concatenation }) => concatenation?.reference)).size).toBe(1);
  },
};

/** Other settings: no SIM may send what waits. The ones after that allow it again. */
export const refusing: Errand = {
  birth: { prefixes: ["+33"] },
  async prepare(mortal, round) {
    await mortal.isReady();
    await park(mortal);
    await post(mortal, round, [{}]);
    await mortal.kill();
  },
  again: release,
  isOver: async (mortal, round) => ["delivered", "failed"].includes((await stateOf(mortal, round)) ?? ""),
  judge: (mortal, round) => judgeSent(mortal, round, 1),
};

/** Each part is stored on the modem first, and sent from there. */
export const storing: Errand = {
  act: (mortal, round) => post(mortal, round, [{ evidence: "stored" }, { evidence: "stored", text: LONG }]),
  again: (mortal, round) => storing.act?.(mortal, round) ?? Promise.resolve(),
  /** An entry stays on the modem for as long as it may tell what became of its message. */
  isOver: async (mortal, round) =>
    (await isSent(mortal, round)) && toBeSentInModem(mortal) <= (await unknownMessages(mortal)),
  judge: (mortal, round) => judgeSent(mortal, round, 2),
};

/** Nothing tells of a message without a report that was on the air: a person decides. */
export const resolving: Errand = {
  async prepare(mortal, round) {
    const death = { place: "on-the-air", nth: 1 } as const;
    await mortal.arm(death);
    await Promise.allSettled([post(mortal, round, [{ report: false }]), mortal.dead(death)]);
    await mortal.live();
    await mortal.isReady();
    expect(await stateOf(mortal, round)).toBe("unknown");
  },
  async act(mortal, round) {
    const [message] = await mortal.messages(round.reference);
    await mortal.post(`/v1/messages/${message?.id}/resolve`, { outcome: "sent" });
  },
  async again(mortal, round) {
    if ((await stateOf(mortal, round)) === "unknown") await resolving.act?.(mortal, round);
  },
  isOver: async (mortal, round) => (await stateOf(mortal, round)) === "submitted",
  judge: (mortal, round) => judgeSent(mortal, round, 1),
};

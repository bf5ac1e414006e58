/**
 * Death at every place between two states, on a real database and a real pty. The process ends itself
 * with SIGKILL; the next one on the same files must leave nothing lost and nothing sent twice. The
 * judges are the network's ledger, the webhook receiver and what the API tells after the restart.
 * `ROUNDS=20` dies so often at each place.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STEPS } from "#gateway/checkpoints.ts";
import { amount } from "#test/support/heavy.ts";
import { receiving } from "./errands.ts";
import { Mortal } from "./mortal.ts";
import { ELSEWHERE, ROWS, type Row } from "./places.ts";
import { halfReceived } from "./rare-errands.ts";
import { partsSent, type Round, roundOf, untilFact } from "./traces.ts";
import { WIRE_PLACES } from "./wire.ts";

const ROUNDS = amount("ROUNDS", { usual: 1, heavy: 20 });
const ROUND_MS_MAX = 150_000;

let mortal: Mortal;
let rounds = 0;
let eventsSeen = 0;
/** The row before did not come to its end. */
let isUntidy = false;

beforeAll(async () => {
  mortal = await Mortal.create();
  eventsSeen = mortal.toldAfter;
});

afterAll(async () => {
  await mortal[Symbol.asyncDispose]();
});

test("the table has every write by its name, and every place on the wire", () => {
  const places = new Set(ROWS.map(({ place }) => place));
  const writes = STEPS.filter((step) => !ELSEWHERE.includes(step));
  const all = [...writes.flatMap((step) => [`before-${step}`, `after-${step}`] as const), ...WIRE_PLACES];
  expect(all.filter((place) => !places.has(place))).toEqual([]);
});

describe.each(ROWS)("$name: $place", (row) => {
  test(`is reached, and dies there ${ROUNDS} times`, { timeout: ROUNDS * ROUND_MS_MAX }, async () => {
    if (isUntidy) await beginAnew();
    isUntidy = true;
    for (let time = 0; time < ROUNDS; time++) await die(row, (time % row.times) + 1, roundOf(rounds++));
    isUntidy = false;
  });
});

/** So that one place that fails is one failure. */
async function beginAnew(): Promise<void> {
  await mortal.kill();
  await mortal.live();
  await mortal.isReady();
  eventsSeen = (await mortal.events(eventsSeen)).at(-1)?.sequence ?? eventsSeen;
}

async function die({ errand, ...row }: Row, nth: number, round: Round): Promise<void> {
  const death = { place: row.place, nth };
  await errand.prepare?.(mortal, round);
  if (errand.birth !== undefined) await mortal.stillbirth(death, errand.birth);
  else {
    await mortal.arm(death);
    await Promise.all([mortal.dead(death), errand.act?.(mortal, round).catch(() => undefined)]);
  }
  await mortal.live();
  await errand.again?.(mortal, round);
  await untilFact("it is over", () => errand.isOver(mortal, round));
  await untilFact("it is told", isTold);
  await errand.judge(mortal, round);
  await judgeEvents({ errand, ...row });
}

/** Every event of the log was posted to the receiver. */
async function isTold(): Promise<boolean> {
  const told = new Set(mortal.receiver.received.map(({ headers }) => headers["webhook-id"]));
  return (await mortal.events(eventsSeen)).every(({ id }) => told.has(id));
}

async function judgeEvents({ errand, inWindow }: Row): Promise<void> {
  const events = await mortal.events(eventsSeen);
  // Also of an earlier round: what was proven not to have been sent goes out in a later one.
  const unknown = events.filter(({ type }) => type === "message.unknown");
  if (inWindow === "either") expect(unknown.length).toBeLessThanOrEqual(1);
  else expect(unknown).toHaveLength(inWindow);
  const inbound = events.filter(({ type }) => type === "inbound.received");
  expect(inbound).toHaveLength(errand === receiving ? 2 : errand === halfReceived ? 1 : 0);
  eventsSeen = events.at(-1)?.sequence ?? eventsSeen;
}

describe("in the end", () => {
  test("no part reached the network twice", () => {
    const sent = partsSent(mortal);
    expect(sent.filter((part, i) => sent.indexOf(part) !== i)).toEqual([]);
    expect(sent.length).toBeGreaterThan(rounds);
  });

  test("every event was told, under one id and in the same words each time, and no other", async () => {
    const log = new Set((await mortal.events(0)).map(({ id }) => id));
    const told = Map.groupBy(mortal.receiver.received, ({ headers }) => headers["webhook-id"] as string);
    for (const [id, posts] of told) {
      expect(log.has(id), `${id} is in the log`).toBe(true);
      expect(new Set(posts.map(({ text }) => text)).size).toBe(1);
    }
    expect(
      [...told.values()].some((posts) => posts.length > 1),
      "one was told twice",
    ).toBe(true);
    const { length } = mortal.receiver.received;
    process.stdout.write(
      `${rounds} deaths at ${ROWS.length} places: ${partsSent(mortal).length} parts sent, none twice; ` +
        `${told.size} events told, ${length - told.size} of them again\n`,
    );
  });
});

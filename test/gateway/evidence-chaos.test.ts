/**
 * Silence in all its forms, each run from its seed: answers that are lost, modems that fall silent, begin
 * anew with or without a word and count from somewhere else, other senders on the SIM, and the death of
 * the process. Whatever is concluded from references and stored entries, nothing goes out twice.
 */
import { expect, test } from "vitest";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import { type Random, seededRandom } from "#shared/random.ts";
import { number, World } from "./world.ts";

const SEEDS = Number(process.env.DUNLIN_CHAOS_SEEDS ?? 8);
const FIRST = Number(process.env.DUNLIN_CHAOS_FIRST ?? 1);
const MESSAGES = 24;
const OPENERS = 3;
const LONG = "A text of several parts, each of which must come once and in its place. ".repeat(4);
/** The first two keep the last reference on the SIM, as our driver knows; `zte-mf190` keeps it in itself. */
const PROFILES = ["generic-strict", "generic-strict", "quectel-ec25", "simcom-sim800", "zte-mf190"];

function faults(random: Random): FaultSpec[] {
  const some = (share: number): { readonly probability: number } => ({ probability: share * random.float() });
  // A modem that begins anew without a word and counts on from the very value before the message that it sent
  // cannot be told from one that never built it; so they begin where these SIMs never come to.
  const restarts = ["keep", "reset", random.int(180, 250)] as const;
  const reference = restarts[random.int(0, 2)] ?? "keep";
  const all: FaultSpec[] = [];
  for (const command of ["+CMGS", "+CMSS"])
    all.push(
      { at: "answer", command, action: { kind: "drop-answer" }, ...some(0.2) },
      { at: "answer", command, action: { kind: "delay-answer", ms: 100_000, toMs: 220_000 }, ...some(0.1) },
      { at: "answer", command, action: { kind: "drop-info" }, ...some(0.1) },
      { at: "command", command, action: { kind: "mute", ms: random.int(50_000, 130_000) }, ...some(0.1) },
    );
  all.push(
    { at: "pdu", action: { kind: "mute", ms: random.int(50_000, 200_000) }, ...some(0.2) },
    { at: "pdu", action: { kind: "drop-ctrl-z" }, ...some(0.1) },
    { at: "submit", action: { kind: "refuse", cms: 17 }, ...some(0.2) },
    { at: "submit", action: { kind: "mute", ms: random.int(50_000, 200_000) }, ...some(0.1) },
    { at: "submit", action: { kind: "network-timeout", ms: 30_000 }, ...some(0.1) },
    { at: "submit", action: { kind: "reset", reference }, ...some(0.05) },
    { at: "accepted", action: { kind: "reset", reference }, ...some(0.1) },
    { at: "accepted", action: { kind: "reset", silent: true, keepSettings: true, reference }, ...some(0.1) },
    { at: "accepted", action: { kind: "mute", ms: random.int(50_000, 200_000) }, ...some(0.2) },
    { at: "accepted", action: { kind: "accept-but-error" }, ...some(0.1) },
    { at: "accepted", action: { kind: "unplug", replugAfterMs: 20_000 }, ...some(0.05) },
    { at: "report", action: { kind: "lose-report" }, ...some(0.8) },
  );
  return all.filter(() => random.float() < 0.6);
}

async function run(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const world = new World({
    seed,
    modems: Array.from({ length: random.int(1, 2) }, () => PROFILES[random.int(0, 4)] ?? "generic-strict"),
    network: { latency: random.int(0, 5_000), reportDelay: random.int(0, 20_000) },
  });
  try {
    for (const { modem } of world.simulator.modems) modem.reference.last = random.int(40, 80);
    await world.start();
    await world.send(...Array.from({ length: OPENERS }, (_, i) => ({ to: number(100 + i) })));
    await world.pass(30_000);
    for (const fault of faults(random)) world.simulator.faults.arm(fault);
    const ids: string[] = [];
    for (let n = 0; n < MESSAGES; n++) ids.push(await sendOne(world, random, n));
    world.simulator.faults.disarmAll();
    await world.pass(1_200_000);
    await judge(world, ids);
  } finally {
    await world.end();
  }
}

async function sendOne(world: World, random: Random, n: number): Promise<string> {
  const [id] = await world.send({
    to: number(n),
    text: random.float() < 0.2 ? `${n} ${LONG}` : `Message ${n}`,
    report: random.float() < 0.7,
    ...(random.float() < 0.4 ? { evidence: "stored" as const } : {}),
  });
  await world.pass(random.int(0, 60_000));
  if (random.float() < 0.1) {
    await world.crash();
    await world.begin();
  }
  if (random.float() < 0.1)
    for (const { modem } of world.simulator.modems)
      for (let i = random.int(1, 3); i > 0; i--) modem.reference.next();
  return id as string;
}

async function judge(world: World, ids: readonly string[]): Promise<void> {
  for (const [n, id] of ids.entries()) {
    const taken = world.simulator.ledger
      .entries({ destination: number(n) })
      .map(({ concatenation }) => concatenation?.sequence ?? 1);
    const { segments, state } = await world.message(id);
    const seen = segments.flatMap(({ history }) => history ?? []).flatMap(({ evidence }) => evidence);
    const told = `message ${n}: ${state}, ${JSON.stringify(seen)}`;
    expect(taken, told).toHaveLength(new Set(taken).size);
    for (const segment of segments)
      if (segment.state === "delivered") expect(taken, told).toContain(segment.number);
  }
}

test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", run);

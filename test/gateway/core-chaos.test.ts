/**
 * Runs in which much goes wrong, each from its seed. The network's ledger judges: no segment goes out
 * twice unless its caller chose so, parts go out in order, every message ends somewhere.
 */
import { expect, test } from "vitest";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import { type Random, seededRandom } from "#shared/random.ts";
import { number, World } from "./world.ts";

const SEEDS = Number(process.env.DUNLIN_CHAOS_SEEDS ?? 8);
const FIRST = Number(process.env.DUNLIN_CHAOS_FIRST ?? 1);
const MESSAGES = 30;
const LONG = "A text of several parts, each of which must come once and in its place. ".repeat(5);

/** Where a run may end. `expired` is a report that never came. */
const ENDS = ["delivered", "undelivered", "failed", "expired", "unknown", "submitted", "cancelled"];

function faults(random: Random): FaultSpec[] {
  const some = (share: number): { readonly probability: number } => ({ probability: share * random.float() });
  const all: FaultSpec[] = [
    { at: "answer", command: "+CMGS", action: { kind: "drop-answer" }, ...some(0.06) },
    { at: "answer", command: "+CMGS", action: { kind: "drop-info" }, ...some(0.1) },
    { at: "answer", command: "+CMGS", action: { kind: "delay-answer", ms: 30_000 }, ...some(0.1) },
    { at: "prompt", action: { kind: "drop-prompt" }, ...some(0.1) },
    { at: "submit", action: { kind: "refuse", cms: random.int(0, 1) === 0 ? 17 : 42 }, ...some(0.2) },
    { at: "submit", action: { kind: "refuse", cms: 8 }, ...some(0.03) },
    { at: "submit", action: { kind: "refuse" }, ...some(0.05) },
    { at: "submit", action: { kind: "reset" }, ...some(0.03) },
    { at: "accepted", action: { kind: "reset" }, ...some(0.03) },
    { at: "accepted", action: { kind: "unplug", replugAfterMs: 20_000 }, ...some(0.03) },
    { at: "accepted", action: { kind: "accept-but-error", cms: 332 }, ...some(0.1) },
    { at: "report", action: { kind: "duplicate-report" }, ...some(0.2) },
    { at: "report", action: { kind: "early-report" }, ...some(0.2) },
    { at: "report", action: { kind: "lose-report" }, ...some(0.1) },
    { at: "report", action: { kind: "intermediate-report", ms: 20_000 }, ...some(0.2) },
  ];
  return all.filter(() => random.float() < 0.5);
}

async function run(seed: number): Promise<void> {
  const random = seededRandom(seed);
  const profiles = ["quectel-ec25", "simcom-sim800", "huawei-e173", "generic-strict"];
  const world = new World({
    seed,
    modems: Array.from({ length: random.int(1, 4) }, () => profiles[random.int(0, 3)] ?? "quectel-ec25"),
    network: { latency: random.int(0, 3_000), reportDelay: random.int(0, 20_000) },
    ...(random.float() < 0.3 ? { limits: { perMinute: random.int(5, 30) } } : {}),
  });
  try {
    await world.start();
    for (const fault of faults(random)) world.simulator.faults.arm(fault);
    const resend = Array.from({ length: MESSAGES }, () => random.float() < 0.2);
    const ids = await world.send(
      ...resend.map((again, i) => ({
        to: number(i),
        text: random.float() < 0.3 ? `${i} ${LONG}` : `Message ${i}`,
        priority: random.int(0, 9),
        onUnknown: again ? ("resend" as const) : ("hold" as const),
        report: random.float() < 0.8,
      })),
    );
    for (let crashes = random.int(0, 2); crashes > 0; crashes--) {
      await world.pass(random.int(100, 40_000));
      await world.crash();
      await world.begin();
    }
    world.simulator.faults.disarmAll();
    await world.until(() => idle(world), 4 * 3_600_000);
    world.clock.jumpWall(4 * 24 * 3_600_000);
    await world.pass(300_000);
    await judge(world, ids, resend);
  } finally {
    await world.end();
  }
}

/** Nothing waits but what waits for an unknown part, and no modem has anything. */
function idle(world: World): boolean {
  const { queued, submitting } = world.core.metrics().segments;
  if (submitting > 0) return false;
  if (queued === 0) return true;
  const row = world.core.db
    .sql(
      `select count(*) as waiting from segment s where s.state = 'queued' and not exists
         (select 1 from segment u where u.message = s.message and u.state = 'unknown')`,
    )
    .get() as { waiting: number };
  return row.waiting === 0;
}

async function judge(world: World, ids: readonly string[], resend: readonly boolean[]): Promise<void> {
  const entries = world.simulator.ledger.entries();
  for (const [i, id] of ids.entries()) {
    const found = await world.message(id);
    const parts = entries
      .filter(({ destination }) => destination === number(i))
      .map(({ concatenation }) => concatenation?.sequence ?? 1);
    if (!resend[i]) {
      expect(parts, `message ${i}: each part once`).toHaveLength(new Set(parts).size);
      expect(parts, `message ${i}: parts in order`).toEqual(parts.toSorted((a, b) => a - b));
    }
    expect(ENDS, `message ${i}`).toContain(found.state);
    const went = found.segments.filter(({ state }) => state === "submitted" || state === "delivered");
    expect(new Set(parts).size, `message ${i}: what we call sent was sent`).toBeGreaterThanOrEqual(
      went.length,
    );
    const unsent = found.segments.filter(({ state }) => state === "queued" || state === "cancelled");
    if (!resend[i]) expect(parts.length + unsent.length).toBeLessThanOrEqual(found.segments.length);
    const events = (await world.events()).filter(({ messageId }) => messageId === id);
    expect(events.map(({ messageSequence }) => messageSequence)).toEqual(events.map((_, n) => n + 1));
  }
  expect(entries.length).toBeGreaterThan(0);
}

test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", run);

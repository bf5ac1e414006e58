/**
 * The gateway is killed with SIGKILL at random moments while its modems are busy, and started again on
 * the same database and the same ptys. The judge is the simulator's ledger: what the network accepted.
 */
import { expect, test } from "vitest";
import { systemClock } from "#shared/clock.ts";
import type { Message } from "#shared/gateway-api.ts";
import { seededRandom } from "#shared/random.ts";
import {
  type LedgerEntry,
  type RunningGateway,
  type RunningSimulator,
  restartGateway,
  runGateway,
  runSimulator,
  untilFact,
} from "#test/support/house-processes.ts";

const ROUNDS = Number(process.env.ROUNDS ?? (process.env.CI ? 20 : 5));
const SEED = Number(process.env.SEED ?? 1);
const MODEMS = 16;
/** Time in the network, so that every modem has a segment on the air when the kill comes. */
const NETWORK_MS = 2_000;
const MESSAGES_A_ROUND = 24;
const KILL_WITHIN_MS = 3_000;
const TIMEOUT_MS = 120_000 + ROUNDS * 20_000;

test(`${ROUNDS} kills with ${MODEMS} busy modems: none lost, none twice`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const random = seededRandom(SEED);
  await using simulator = await runSimulator(MODEMS, [
    "--latency",
    String(NETWORK_MS),
    "--report-delay",
    "500",
  ]);
  let gateway = await runGateway({ folder: simulator.folder, ports: simulator.ports() });
  const accepted = new Map<string, string>();
  let restartsMs = 0;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const message of await sendRound(gateway, round)) accepted.set(message.id, message.text);
      await systemClock.sleep(random.int(0, KILL_WITHIN_MS));
      gateway.child.process.kill("SIGKILL");
      const killedAt = systemClock.monotonic();
      gateway = await restartGateway(gateway);
      restartsMs += systemClock.monotonic() - killedAt;
    }
    await untilFact(gateway, "every message is settled", () => isSettled(gateway, accepted), TIMEOUT_MS);
    const unknown = await judge(gateway, simulator, accepted);
    process.stdout.write(
      `seed ${SEED}: ${accepted.size} accepted, ${unknown} unknown at the end, ` +
        `restart to listening ${Math.round(restartsMs / ROUNDS)} ms on average\n`,
    );
  } finally {
    await gateway.child.stop();
  }
});

async function sendRound(gateway: RunningGateway, round: number): Promise<readonly Message[]> {
  const messages = Array.from({ length: MESSAGES_A_ROUND }, (_, i) => ({
    to: `+49171392${String(round * 100 + i).padStart(4, "0")}`,
    text: `round ${round} message ${i}${i % 6 === 0 ? ` ${"long ".repeat(50)}` : ""}`,
  }));
  return ((await gateway.post("/v1/messages/batch", { messages })) as { messages: Message[] }).messages;
}

/** Settled: delivered, or unknown with nothing of it waiting. */
async function isSettled(gateway: RunningGateway, accepted: ReadonlyMap<string, string>): Promise<boolean> {
  for (const state of ["queued", "submitting", "submitted"]) {
    const page = (await gateway.get(`/v1/messages?state=${state}&limit=1`)) as { items: Message[] };
    if (page.items.length > 0) return false;
  }
  return accepted.size > 0;
}

/** Returns how many messages are `unknown` at the end. */
async function judge(
  gateway: RunningGateway,
  simulator: RunningSimulator,
  accepted: ReadonlyMap<string, string>,
): Promise<number> {
  const ledger = await simulator.ledger();
  const times = Map.groupBy(ledger, segmentKey);
  expect([...times].filter(([, entries]) => entries.length > 1).map(([key]) => key)).toEqual([]);
  const reached = new Set(ledger.map((entry) => entry.destination));
  let unknown = 0;
  for (const id of accepted.keys()) {
    const message = await gateway.client.message(id);
    const state = `${id} ${message.state}`;
    expect(state).toMatch(/ (delivered|unknown)$/);
    if (message.state === "unknown") unknown += 1;
    else expect(reached.has(message.to), `${state} without ever reaching the network`).toBe(true);
  }
  return unknown;
}

function segmentKey(entry: LedgerEntry): string {
  const { concatenation } = entry;
  return `${entry.destination} ${concatenation?.sequence ?? 1}/${concatenation?.total ?? 1}`;
}

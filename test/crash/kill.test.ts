/**
 * The gateway is killed with SIGKILL at random moments while its modems are busy, and started again on
 * the same database and the same ptys. The judge stands at the lines and in the network: what each modem
 * had at the moment of the kill, and what the service centre accepted. `ROUNDS=1000` kills so often.
 */
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { systemClock } from "#shared/clock.ts";
import type { GatewayEvent, Message } from "#shared/gateway-api.ts";
import { seededRandom } from "#shared/random.ts";
import { amount } from "#test/support/heavy.ts";
import { type RunningGateway, restartGateway, runGateway } from "#test/support/house-processes.ts";
import { untilTrue } from "#test/support/until-true.ts";
import { partName, WatchedFleet } from "./watched-fleet.ts";

const ROUNDS = amount("ROUNDS", { usual: process.env.CI ? 100 : 10, heavy: 1_000 });
const SEED = Number(process.env.SEED ?? 1);
const MODEMS = 16;
/** Time in the network, so that every modem has a segment on the air when the kill comes. */
const NETWORK_MS = 2_000;
/** More than the modems can send before the first kill; later about as many as they send in a round. */
const MESSAGES_FIRST = 40;
const MESSAGES_A_ROUND = 14;
/** From the first AT+CMGS of a round: also just after the first answers. */
const KILL_WITHIN_MS = 2_300;
const TIMEOUT_MS = 180_000 + ROUNDS * 20_000;
/** After the last round: what waits goes out, and its reports come. */
const SETTLED_MS_MAX = 120_000 + ROUNDS * 5_000;
const PAGE = 200;

afterEach(() => {
  vi.unstubAllEnvs();
});

test(`${ROUNDS} kills with ${MODEMS} busy modems: none lost, none twice`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const random = seededRandom(SEED);
  await using fleet = await WatchedFleet.create(MODEMS, NETWORK_MS);
  // The first gateway keeps what was compiled: the rounds are to test crashes, not the compiler.
  vi.stubEnv("NODE_COMPILE_CACHE", join(fleet.folder, "compiled"));
  let gateway = await runGateway({ folder: fleet.folder, ports: fleet.ports() });
  const accepted = new Map<string, Message>();
  const inWindow: string[] = [];
  const sendingAgainMs: number[] = [];
  try {
    let first = fleet.nextCommand();
    for (let round = 0; round < ROUNDS; round++) {
      for (const message of await sendRound(gateway, round)) accepted.set(message.to, message);
      await first;
      await systemClock.sleep(random.int(0, KILL_WITHIN_MS));
      await killed(gateway);
      inWindow.push(...fleet.onAir.values());
      const killedAt = systemClock.monotonic();
      first = fleet.nextCommand();
      const restarting = restartGateway(gateway);
      await first;
      sendingAgainMs.push(systemClock.monotonic() - killedAt);
      gateway = await restarting;
    }
    await untilTrue("settled", () => isSettled(gateway, fleet, accepted), SETTLED_MS_MAX).catch(
      async (error: Error) => {
        throw new Error(`${error.message}: ${await openMessages(gateway)}`);
      },
    );
    const found = await judge(gateway, fleet, accepted, inWindow);
    tell({ accepted: accepted.size, inWindow: inWindow.length, ...found }, sendingAgainMs);
  } finally {
    await gateway.child.stop();
  }
});

async function killed({ child: { process } }: RunningGateway): Promise<void> {
  const ended = new Promise((resolve) => process.once("exit", resolve));
  process.kill("SIGKILL");
  await ended;
}

async function sendRound(gateway: RunningGateway, round: number): Promise<readonly Message[]> {
  const count = round === 0 ? MESSAGES_FIRST : MESSAGES_A_ROUND;
  const messages = Array.from({ length: count }, (_, i) => ({
    to: `+49171${String(3_000_000 + round * 100 + i)}`,
    text: `round ${round} message ${i}${i % 6 === 0 ? ` ${"long ".repeat(50)}` : ""}`,
  }));
  return ((await gateway.post("/v1/messages/batch", { messages })) as { messages: Message[] }).messages;
}

function partsOf({ to, segmentCount }: Message): readonly string[] {
  return Array.from({ length: segmentCount }, (_, i) =>
    partName(to, { sequence: i + 1, total: segmentCount }),
  );
}

function partsSent(fleet: WatchedFleet): readonly string[] {
  const entries = fleet.simulator.ledger.entries();
  return entries.map(({ destination, concatenation }) => partName(destination, concatenation));
}

async function inState(gateway: RunningGateway, state: string): Promise<readonly Message[]> {
  const page = (await gateway.get(`/v1/messages?state=${state}&limit=${PAGE}`)) as { items: Message[] };
  return page.items;
}

const OPEN = ["queued", "submitting", "submitted"];

async function openMessages(gateway: RunningGateway): Promise<string> {
  const open = await Promise.all(
    [...OPEN, "unknown"].map(async (state) => {
      const found = await inState(gateway, state);
      return `${found.length} ${state} (${found.slice(0, 3).map(({ id }) => id)})`;
    }),
  );
  return open.join(", ");
}

/** Nothing waits; and what is unknown did not reach the network as a whole, which would have reported it. */
async function isSettled(
  gateway: RunningGateway,
  fleet: WatchedFleet,
  accepted: ReadonlyMap<string, Message>,
): Promise<boolean> {
  for (const state of OPEN) if ((await inState(gateway, state)).length > 0) return false;
  const sent = new Set(partsSent(fleet));
  const unknown = await inState(gateway, "unknown");
  return unknown.every(({ to }) => partsOf(accepted.get(to) as Message).some((part) => !sent.has(part)));
}

interface Found {
  readonly unknownAtTheEnd: number;
  /** Events that settled an unknown segment, by what proved it. */
  readonly evidence: Readonly<Record<string, number>>;
}

async function judge(
  gateway: RunningGateway,
  fleet: WatchedFleet,
  accepted: ReadonlyMap<string, Message>,
  inWindow: readonly string[],
): Promise<Found> {
  const sent = partsSent(fleet);
  const times = Map.groupBy(sent, (part) => part);
  expect([...times].filter(([, of]) => of.length > 1).map(([part]) => part)).toEqual([]);
  let unknownAtTheEnd = 0;
  for (const message of accepted.values()) {
    const { state } = await gateway.client.message(message.id);
    expect(state, message.id).toMatch(/^(delivered|unknown)$/);
    if (state === "unknown") unknownAtTheEnd++;
    else expect(partsOf(message).every((part) => times.has(part))).toBe(true);
  }
  const events = await allEvents(gateway);
  const unknown = new Set(
    events.filter(({ type }) => type === "message.unknown").map(({ messageId }) => messageId),
  );
  const unmarked = inWindow.filter((part) => !unknown.has(accepted.get(part.split(" ")[0] ?? "")?.id));
  expect(unmarked, "with a modem at the kill, and never called unknown").toEqual([]);
  expect(inWindow.length, "the kills hit busy modems").toBeGreaterThan(ROUNDS);
  return { unknownAtTheEnd, evidence: evidenceIn(events) };
}

async function allEvents(gateway: RunningGateway): Promise<readonly GatewayEvent[]> {
  const all: GatewayEvent[] = [];
  for (let after = 0; ; ) {
    const page = (await gateway.get(`/v1/events?after=${after}&limit=${PAGE}`)) as {
      items: GatewayEvent[];
      nextAfter: number;
    };
    all.push(...page.items);
    if (page.nextAfter === after) return all;
    after = page.nextAfter;
  }
}

function evidenceIn(events: readonly GatewayEvent[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { data } of events)
    if (typeof data.evidence === "string") counts[data.evidence] = (counts[data.evidence] ?? 0) + 1;
  return counts;
}

function tell(found: object, sendingAgainMs: readonly number[]): void {
  const sorted = sendingAgainMs.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const within = sorted.filter((ms) => ms <= 2_000).length;
  process.stdout.write(
    `seed ${SEED}, ${ROUNDS} kills: ${JSON.stringify(found)}; from the restart to the first AT+CMGS ` +
      `p50 ${Math.round(median)} ms, longest ${Math.round(sorted.at(-1) ?? 0)} ms, ${within} within 2 s\n`,
  );
}

/** What a seed chooses. */
import { PROFILE_NAMES } from "#hardware/simulator/profiles/profiles.ts";
import { type Random, seededRandom } from "#shared/random.ts";
import { drawFaults } from "./draw-faults.ts";
import type {
  Happening,
  Plan,
  PlannedMessage,
  PlannedModem,
  PlannedNetwork,
  PlannedOutage,
  PlannedPhone,
} from "./plan.ts";

const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;

export function chance(random: Random, share: number): boolean {
  return random.float() < share;
}

export function oneOf<T>(random: Random, values: readonly T[]): T {
  return values[random.int(0, values.length - 1)] as T;
}

export function planOf(seed: number): Plan {
  const random = seededRandom(seed);
  const lengthMs = drawLength(random);
  const modems = drawModems(random);
  const phones = drawPhones(random);
  const messages = drawMessages(random, lengthMs, phones);
  const names = modems.map(({ name }) => name);
  return {
    seed,
    lengthMs,
    modems,
    network: drawNetwork(random),
    messages,
    phones,
    faults: drawFaults(random, lengthMs, names),
    happenings: drawHappenings(random, lengthMs, names, messages.length),
    outages: drawOutages(random, lengthMs),
    postErrors: chance(random, 0.4) ? random.float() * 0.3 : 0,
  };
}

/** Most are short, some go over days. */
function drawLength(random: Random): number {
  const draw = random.float();
  if (draw < 0.4) return random.int(1, 4) * HOUR_MS;
  if (draw < 0.85) return random.int(4, 12) * HOUR_MS;
  return random.int(12, 48) * HOUR_MS;
}

function drawModems(random: Random): PlannedModem[] {
  const count = random.int(1, 4);
  const sweepIntervalMs = oneOf(random, [1, 5, 10, 30]) * MINUTE_MS;
  const limited = chance(random, 0.35);
  return Array.from({ length: count }, (_, i) => ({
    name: `modem${i}`,
    profile: oneOf(random, PROFILE_NAMES),
    sweepIntervalMs,
    ...(chance(random, 0.2) ? { latency: oneOf(random, ["gsm", "umts", "lte", "nbiot"] as const) } : {}),
    ...(limited && chance(random, 0.8) ? { perMinute: random.int(2, 12) } : {}),
    ...(limited && chance(random, 0.3) ? { perHour: random.int(10, 60) } : {}),
  }));
}

function drawNetwork(random: Random): PlannedNetwork {
  const latency = oneOf(random, [0, 200, 2_000, "gsm", "umts", "lte"] as const);
  return {
    latency,
    reportDelay: oneOf(random, [0, 500, 3_000, 20_000, 120_000]),
    intermediateReports: chance(random, 0.5),
    recipientForm: oneOf(random, ["as-dialled", "as-dialled", "international", "national", "short"] as const),
  };
}

function number(n: number): string {
  return `+49170${String(1_000_000 + n)}`;
}

function drawPhones(random: Random): PlannedPhone[] {
  if (chance(random, 0.3)) return [];
  return Array.from({ length: random.int(1, 8) }, (_, i) => {
    const state = oneOf(random, [
      "on",
      "on",
      "slow",
      "off",
      "off",
      "full",
      "dead",
      "unknown",
      "barred",
    ] as const);
    return {
      number: number(900 + i),
      state,
      ...((state === "off" || state === "full") && chance(random, 0.6)
        ? { forMs: random.int(1, 120) * MINUTE_MS }
        : {}),
      ...(state === "on" && chance(random, 0.7) ? { reply: `STOP ${i}` } : {}),
    };
  });
}

function drawMessages(random: Random, lengthMs: number, phones: readonly PlannedPhone[]): PlannedMessage[] {
  const count = random.int(8, 60);
  // Some come in bursts, which is when modems have something to do at the same time.
  const moments = Array.from({ length: random.int(1, 12) }, () => random.int(0, Math.floor(lengthMs * 0.85)));
  const shared = random.int(1, 10);
  return Array.from({ length: count }, (_, i) => drawMessage(random, i, moments, phones, shared));
}

function drawMessage(
  random: Random,
  i: number,
  moments: readonly number[],
  phones: readonly PlannedPhone[],
  shared: number,
): PlannedMessage {
  const draw = random.float();
  const to =
    phones.length > 0 && draw < 0.35
      ? oneOf(random, phones).number
      : draw < 0.5
        ? number(800 + random.int(1, shared))
        : number(i);
  return {
    marker: `m${i}`,
    atMs: oneOf(random, moments),
    to,
    parts: chance(random, 0.25) ? random.int(2, 5) : 1,
    priority: random.int(0, 9),
    report: chance(random, 0.8),
    onUnknown: chance(random, 0.2) ? "resend" : "hold",
    ...(chance(random, 0.15) ? { evidence: "stored" as const } : {}),
    ...(chance(random, 0.5) ? { validitySeconds: oneOf(random, [300, 3_600, 21_600]) } : {}),
    ...(chance(random, 0.1) ? { notBeforeMs: random.int(1, 90) * MINUTE_MS } : {}),
    ...(chance(random, 0.12) ? { notAfterMs: random.int(1, 180) * MINUTE_MS } : {}),
    ...(chance(random, 0.06) ? { cancelAfterMs: random.int(0, 60) * SECOND_MS } : {}),
  };
}

function drawHappenings(
  random: Random,
  lengthMs: number,
  modems: readonly string[],
  messages: number,
): Happening[] {
  const happenings: Happening[] = [];
  const moment = (): number => random.int(0, lengthMs);
  const downMs = (): number => (chance(random, 0.7) ? random.int(0, 5_000) : random.int(5_000, 600_000));
  if (chance(random, 0.4))
    for (let n = random.int(1, 3); n > 0; n--)
      happenings.push({
        kind: "crash-at-send",
        nth: random.int(1, messages),
        turns: random.int(0, 8),
        downMs: downMs(),
      });
  if (chance(random, 0.2))
    happenings.push({
      kind: "crash-at-accept",
      nth: random.int(1, 4),
      afterMs: random.int(0, 100),
      downMs: downMs(),
    });
  if (chance(random, 0.3))
    for (let n = random.int(1, 3); n > 0; n--)
      happenings.push({ kind: "crash-at-step", nth: random.int(1, 14 * messages), downMs: downMs() });
  if (chance(random, 0.3)) happenings.push({ kind: "crash", atMs: moment(), downMs: downMs() });
  if (chance(random, 0.2)) happenings.push({ kind: "restart", atMs: moment(), downMs: downMs() });
  if (chance(random, 0.25))
    for (let n = random.int(1, 2); n > 0; n--)
      happenings.push({ kind: "clock-step", atMs: moment(), byMs: drawStep(random) });
  if (chance(random, 0.2))
    happenings.push({
      kind: "park",
      atMs: moment(),
      modem: oneOf(random, modems),
      forMs: random.int(1, 120) * MINUTE_MS,
    });
  return happenings;
}

function drawStep(random: Random): number {
  const size = oneOf(random, [2 * SECOND_MS, 10 * MINUTE_MS, HOUR_MS, 26 * HOUR_MS]);
  return chance(random, 0.5) ? size : -size;
}

function drawOutages(random: Random, lengthMs: number): PlannedOutage[] {
  if (chance(random, 0.5)) return [];
  return Array.from({ length: random.int(1, 3) }, () => {
    const fromMs = random.int(0, lengthMs);
    const how = oneOf(random, ["error", "refused", "timeout", "pause", "lost-answer"] as const);
    return { fromMs, untilMs: fromMs + random.int(1, 180) * MINUTE_MS, how };
  });
}

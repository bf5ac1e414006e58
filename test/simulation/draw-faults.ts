/** The faults that a seed arms: some groups of them, each for one modem or for all, for a while. */
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import type { FaultPoint } from "#hardware/simulator/faults/points.ts";
import type { Random } from "#shared/random.ts";

/** Who, when and how often, as the draw of the group found it. */
type Scope = Pick<FaultSpec, "modem" | "fromMs" | "untilMs">;
type Draw = (random: Random) => FaultSpec;

const MINUTE_MS = 60_000;
const GROUPS_MAX = 5;
const CALM_SHARE = 0.12;

function atPoint(at: FaultPoint, action: FaultAction, probability: number, command?: string): FaultSpec {
  return { at, action, probability, ...(command === undefined ? {} : { command }) };
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random.int(0, values.length - 1)] as T;
}

const SEND = "+CMGS";

/** Each draws one fault of its group; `time` ones get their moment later. */
const GROUPS: Readonly<Record<string, readonly Draw[]>> = {
  answers: [
    (random) => atPoint("answer", { kind: "drop-answer" }, random.float() * 0.1, SEND),
    (random) => atPoint("answer", { kind: "drop-info" }, random.float() * 0.15, SEND),
    (random) => atPoint("answer", { kind: "drop-final" }, random.float() * 0.1, SEND),
    (random) =>
      atPoint("answer", { kind: "delay-answer", ms: 1_000, toMs: 50_000 }, random.float() * 0.2, SEND),
    (random) => atPoint("answer", { kind: "late-final", ms: 500, toMs: 20_000 }, random.float() * 0.2, SEND),
    (random) => atPoint("answer", { kind: "drop-answer" }, random.float() * 0.02),
    (random) => atPoint("accepted", { kind: "accept-but-error" }, random.float() * 0.15),
  ],
  prompt: [
    () => atPoint("prompt", { kind: "drop-prompt" }, 0.1),
    () => atPoint("prompt", { kind: "delay-prompt", ms: 200, toMs: 9_000 }, 0.2),
  ],
  input: [
    (random) => atPoint("pdu", { kind: "drop-octet", index: random.int(0, 40) }, 0.08),
    () => atPoint("pdu", { kind: "drop-ctrl-z" }, 0.06),
    () => atPoint("pdu", { kind: "line-feed" }, 0.08),
    () => ({ ...atPoint("input", { kind: "eat", octets: 3 }, 0.3), idleMs: 5_000 }),
  ],
  garble: [
    (random) => atPoint("answer", { kind: "truncate", length: random.int(0, 12) }, 0.02),
    (random) =>
      atPoint(
        "answer",
        { kind: "line-ends", form: pick(random, ["none", "lf", "cr", "double", "extra"] as const) },
        0.1,
      ),
    (random) =>
      atPoint(
        "answer",
        { kind: "insert", what: pick(random, ["nul", "garbage", "diag"] as const), at: random.int(0, 5) },
        0.05,
      ),
    (random) => atPoint("answer", { kind: "split", at: random.int(1, 8), ms: 300 }, 0.2),
    () => atPoint("answer", { kind: "merge", ms: 1_500 }, 0.1),
    () => ({ at: "time", action: { kind: "echo-on" } }),
  ],
  refusals: [
    (random) => atPoint("submit", { kind: "refuse", cms: pick(random, [17, 42, 47, 96]) }, 0.2),
    () => atPoint("submit", { kind: "refuse", cms: 8 }, 0.04),
    () => atPoint("submit", { kind: "refuse" }, 0.08),
    () => atPoint("submit", { kind: "network-timeout", ms: 30_000 }, 0.06),
    () => atPoint("command", { kind: "refuse", cms: 500 }, 0.05, SEND),
    () => atPoint("command", { kind: "refuse" }, 0.03),
  ],
  phases: [
    () => atPoint("prompt", { kind: "reset" }, 0.03),
    () => atPoint("pdu", { kind: "reset", silent: true }, 0.03),
    () => atPoint("submit", { kind: "reset" }, 0.04),
    (random) =>
      atPoint("accepted", { kind: "reset", reference: pick(random, ["keep", "reset"] as const) }, 0.05),
    () => atPoint("accepted", { kind: "unplug", replugAfterMs: 20_000, rename: true }, 0.04),
    () => atPoint("submit", { kind: "mute", ms: 90_000 }, 0.03),
    () => atPoint("accepted", { kind: "mute", ms: 240_000 }, 0.03),
  ],
  life: [
    (random) => ({
      at: "time",
      action: { kind: "hang", cure: pick(random, ["escape", "reopen", "radio-cycle", "restart"] as const) },
    }),
    () => ({ at: "time", action: { kind: "hang", cure: "restart", unsolicited: true } }),
    () => ({ at: "time", action: { kind: "reset", silent: true, keepSettings: false } }),
    () => ({ at: "time", action: { kind: "reset", reference: "reset" } }),
    (random) => ({
      at: "time",
      action: { kind: "unplug", replugAfterMs: random.int(2, 900) * 1_000, rename: true, deafMs: 3_000 },
    }),
    () => ({ at: "time", action: { kind: "brown-out", times: 4, everyMs: 15_000 } }),
    () => ({ at: "time", action: { kind: "mute", ms: 600_000 } }),
    (random) => ({
      ...atPoint(
        "open",
        { kind: "refuse-open", reason: pick(random, ["busy", "denied", "failed"] as const) },
        0.3,
      ),
    }),
  ],
  sim: [
    () => ({ at: "time", action: { kind: "sim-out", forMs: 10 * MINUTE_MS } }),
    () => ({ at: "time", action: { kind: "sim-out", forMs: MINUTE_MS, silent: true } }),
    () => ({ at: "time", action: { kind: "sim-swap" } }),
    () => ({ at: "time", action: { kind: "sim-busy", forMs: 20_000 } }),
    () => ({ at: "time", action: { kind: "sim-failure", forMs: 5 * MINUTE_MS } }),
  ],
  storage: [
    (random) => ({
      at: "time",
      action: { kind: "fill-storage", storage: pick(random, ["SM", "ME", "SR"] as const) },
    }),
    (random) => ({
      at: "time",
      action: { kind: "corrupt-slot", storage: pick(random, ["SM", "ME"] as const) },
    }),
    () => atPoint("command", { kind: "refuse", cms: 320 }, 0.2, "+CMGD"),
    () => atPoint("answer", { kind: "drop-answer" }, 0.05, "+CMGL"),
  ],
  network: [
    (random) => ({
      at: "time",
      action: {
        kind: "registration",
        stat: pick(random, [0, 2, 3] as const),
        forMs: random.int(1, 30) * MINUTE_MS,
      },
    }),
    () => ({ at: "time", action: { kind: "registration", stat: 5 } }),
    () => ({ at: "time", action: { kind: "signal", signal: 2, forMs: 10 * MINUTE_MS } }),
    () => ({ at: "time", action: { kind: "noise", everyMs: 2_000, forMs: 10 * MINUTE_MS } }),
  ],
  operator: [
    () => ({ at: "time", action: { kind: "operator", rules: { perMinute: 4, burst: 3 } } }),
    () => ({ at: "time", action: { kind: "operator", rules: { perDay: 10, over: "drop" } } }),
    () => ({
      at: "time",
      action: { kind: "operator", rules: { perMinute: 2, banAfter: 5, liftAfterMs: 30 * MINUTE_MS } },
    }),
  ],
  reports: [
    () => atPoint("report", { kind: "duplicate-report" }, 0.3),
    () => atPoint("report", { kind: "early-report" }, 0.3),
    () => atPoint("report", { kind: "lose-report" }, 0.15),
    () => atPoint("report", { kind: "intermediate-report", ms: 20_000 }, 0.3),
    () => atPoint("report", { kind: "reorder-report" }, 0.3),
    () => atPoint("report", { kind: "delay-report", ms: MINUTE_MS, toMs: 60 * MINUTE_MS }, 0.3),
    () => atPoint("report", { kind: "report-status", status: 0x46 }, 0.1),
    () => atPoint("report", { kind: "wrong-reference", by: 3 }, 0.05),
    (random) =>
      atPoint(
        "report",
        { kind: "recipient-form", form: pick(random, ["international", "national", "short"] as const) },
        0.3,
      ),
  ],
  indications: [
    () => atPoint("unsolicited", { kind: "drop-line" }, 0.2),
    () => atPoint("unsolicited", { kind: "duplicate-line" }, 0.2),
  ],
  incoming: [
    (random) => ({
      at: "time",
      action: {
        kind: "incoming",
        from: "+491609999999",
        text: `Burst ${random.int(0, 999)}`,
        count: random.int(1, 12),
        everyMs: pick(random, [0, 500, 5_000]),
      },
    }),
    (random) => ({
      at: "time",
      action: {
        kind: "incoming",
        from: "+491609999998",
        text: `A long text ${random.int(0, 999)}. `.repeat(20),
        order: pick(random, ["reversed", "missing", "duplicated"] as const),
      },
    }),
  ],
};

export function drawFaults(random: Random, lengthMs: number, modems: readonly string[]): FaultSpec[] {
  if (random.float() < CALM_SHARE) return [];
  const names = Object.keys(GROUPS);
  const chosen = new Set(Array.from({ length: random.int(1, GROUPS_MAX) }, () => pick(random, names)));
  return [...chosen].flatMap((name) =>
    Array.from({ length: random.int(1, 3) }, () => {
      const spec = pick(random, GROUPS[name] as readonly Draw[])(random);
      return { ...spec, ...scopeOf(random, lengthMs, modems, spec) };
    }),
  );
}

function scopeOf(
  random: Random,
  lengthMs: number,
  modems: readonly string[],
  spec: FaultSpec,
): Scope & Pick<FaultSpec, "atMs"> {
  const modem = random.float() < 0.6 ? { modem: pick(random, modems) } : {};
  if (spec.at === "time") return { modem: pick(random, modems), atMs: random.int(MINUTE_MS, lengthMs) };
  if (random.float() < 0.5) return modem;
  const fromMs = random.int(0, lengthMs);
  return { ...modem, fromMs, untilMs: fromMs + random.int(1, 120) * MINUTE_MS };
}

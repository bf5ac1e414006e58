/**
 * Whole lives of a modem on the simulator, with everything that goes wrong, judged by the ledger of what
 * the service centre really took. The promise: accepted means once, not sent and refused mean never, and
 * only unknown may be either.
 */
import { describe, expect, test } from "vitest";
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import { addressText } from "#hardware/pdu/address.ts";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { encodeMessage } from "#hardware/pdu/message.ts";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import { PROFILE_NAMES } from "#hardware/simulator/profiles/profiles.ts";
import { createSimulator, type Simulator } from "#hardware/simulator/simulator.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { advanceUntil, type ModemRig, modemRig } from "#test/support/modem-rig.ts";

const MESSAGES = 30;
const ATTEMPTS_MAX = 8;
/** Recovery may take its time: parking alone is a quarter of an hour. */
const PATIENCE_MS = 3 * 3_600_000;

const NAMED_FAULTS: Readonly<Record<string, readonly FaultSpec[]>> = {
  "nothing wrong": [],
  "final results lost": [
    { at: "answer", command: "+CMGS", probability: 0.1, action: { kind: "drop-final" } },
  ],
  "references lost": [{ at: "answer", command: "+CMGS", probability: 0.1, action: { kind: "drop-info" } }],
  "answers lost": [{ at: "answer", probability: 0.02, action: { kind: "drop-answer" } }],
  "answers late": [{ at: "answer", probability: 0.05, action: { kind: "delay-answer", ms: 20_000 } }],
  "prompts lost": [{ at: "prompt", probability: 0.1, action: { kind: "drop-prompt" } }],
  "restarts anywhere": [
    { at: "command", probability: 0.005, action: { kind: "reset" } },
    { at: "prompt", probability: 0.03, action: { kind: "reset" } },
    { at: "pdu", probability: 0.03, action: { kind: "reset" } },
    { at: "submit", probability: 0.03, action: { kind: "reset" } },
    { at: "accepted", probability: 0.03, action: { kind: "reset" } },
    { at: "answer", command: "+CMGS", probability: 0.03, action: { kind: "reset" } },
  ],
  "unplugged anywhere": [
    { at: "command", probability: 0.005, action: { kind: "unplug", replugAfterMs: 8_000 } },
    { at: "pdu", probability: 0.03, action: { kind: "unplug", replugAfterMs: 8_000 } },
    { at: "submit", probability: 0.03, action: { kind: "unplug", replugAfterMs: 8_000 } },
    { at: "accepted", probability: 0.03, action: { kind: "unplug", replugAfterMs: 8_000 } },
  ],
  "mute for a while": [
    { at: "command", probability: 0.004, action: { kind: "mute", ms: 30_000 } },
    { at: "submit", probability: 0.02, action: { kind: "mute", ms: 300_000 } },
    { at: "accepted", probability: 0.02, action: { kind: "mute", ms: 300_000 } },
  ],
  "refused, and refused after it was taken": [
    { at: "submit", probability: 0.1, action: { kind: "refuse", cms: 41 } },
    { at: "submit", probability: 0.05, action: { kind: "refuse" } },
    { at: "command", command: "+CMGS", probability: 0.05, action: { kind: "refuse", cms: 500 } },
    { at: "accepted", probability: 0.1, action: { kind: "accept-but-error", cms: 332 } },
  ],
  "reports early, twice and lost": [
    { at: "report", probability: 0.3, action: { kind: "early-report" } },
    { at: "report", probability: 0.3, action: { kind: "duplicate-report" } },
    { at: "report", probability: 0.1, action: { kind: "lose-report" } },
  ],
};

const EVERYTHING = Object.values(NAMED_FAULTS).flatMap((faults) =>
  faults.map((fault) => ({ ...fault, probability: (fault.probability ?? 0) / 5 })),
);

interface World {
  readonly simulator: Simulator;
  readonly rig: ModemRig;
}

function world(profile: string, seed: number, faults: readonly FaultSpec[]): World {
  const clock = new SimulatedClock();
  const random = seededRandom(seed);
  const simulator = createSimulator({
    clock,
    random,
    modems: [{ profile }],
    network: { latency: 1_500, reportDelay: 4_000 },
    chunked: true,
  });
  for (const fault of faults) simulator.faults.arm(fault);
  const modem = simulator.modems[0];
  if (modem === undefined) throw new Error("the simulator has no modem");
  return { simulator, rig: modemRig(modem.open, { clock }) };
}

/** What the simulator gives its first SIM. */
const OUR_NUMBER = "+4915100000001";

const numberOf = (index: number): string => `+49170000${String(index).padStart(4, "0")}`;

/** Tries again what was proven not sent, as the outbox does; ends at anything else. */
async function send({ rig }: World, index: number): Promise<SubmitOutcome> {
  const { pdus } = encodeMessage({
    to: numberOf(index),
    text: `message ${index}`,
    concatenationReference: 0,
    statusReportRequest: true,
  });
  const pdu = pdus[0];
  if (pdu === undefined) throw new Error("a message has a PDU");
  let outcome: SubmitOutcome = { kind: "not-sent", reason: "not tried" };
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    await rig.until("ready", PATIENCE_MS);
    let settled: SubmitOutcome | undefined;
    void rig.modem.submit(pdu).then((value) => {
      settled = value;
    });
    await advanceUntil(
      rig.clock,
      () => settled !== undefined,
      PATIENCE_MS,
      () => "the submit never ended",
    );
    outcome = settled ?? outcome;
    if (outcome.kind === "accepted" || outcome.kind === "unknown") return outcome;
    await rig.clock.advance(1_000);
  }
  return outcome;
}

/** What the ledger must say to each outcome. */
function judge({ simulator }: World, outcomes: readonly SubmitOutcome[], seed: string): void {
  outcomes.forEach((outcome, index) => {
    const entries = simulator.ledger.entries({ destination: numberOf(index) });
    const where = `${seed}, message ${index}: ${JSON.stringify(outcome)}`;
    if (outcome.kind === "accepted") {
      expect(entries.length, where).toBe(1);
      if (outcome.messageReference !== undefined) {
        expect(entries[0]?.messageReference, where).toBe(outcome.messageReference);
      }
    } else if (outcome.kind === "unknown") {
      expect(entries.length, where).toBeLessThanOrEqual(1);
    } else {
      expect(entries.length, where).toBe(0);
    }
  });
}

/** Every message that came in is handed up, whatever happened meanwhile; once is not promised here. */
async function allArrived({ rig, simulator }: World, count: number): Promise<void> {
  for (const { id } of simulator.faults.list()) simulator.faults.disarm(id);
  const origins = (): number =>
    new Set(rig.delivered.map((pdu) => decodePdu(pdu.hex, { direction: "mt" })).map(originOf)).size;
  await advanceUntil(
    rig.clock,
    () => origins() === count,
    PATIENCE_MS,
    () => `${origins()} of ${count} arrived`,
  );
}

function originOf(pdu: ReturnType<typeof decodePdu>): string {
  return pdu.kind === "deliver" ? addressText(pdu.originator) : pdu.kind;
}

describe.each([...Object.entries(NAMED_FAULTS), ["everything, but rarely", EVERYTHING] as const])(
  "%s",
  (name, faults) => {
    test.each(PROFILE_NAMES)("%s", async (profile) => {
      const seed = PROFILE_NAMES.indexOf(profile) * 100 + name.length;
      const here = world(profile, seed, faults);
      const outcomes: SubmitOutcome[] = [];
      for (let index = 0; index < MESSAGES; index++) {
        if (index % 5 === 0)
          here.simulator.network.sendToSim({ to: OUR_NUMBER, from: numberOf(index), text: `in ${index}` });
        outcomes.push(await send(here, index));
      }
      judge(here, outcomes, `seed ${seed}`);
      await allArrived(here, MESSAGES / 5);
      if (faults.length === 0) expect(outcomes.every((outcome) => outcome.kind === "accepted")).toBe(true);
      here.simulator.stop();
    });
  },
);

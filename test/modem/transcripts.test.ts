/** Whole dialogues as text files: what we must say, and what the modem said. */
import { describe, expect, test } from "vitest";
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { type ModemRig, modemRig } from "#test/support/modem-rig.ts";
import { replay } from "#test/support/transcript.ts";

const PDU = { hex: "0021000D91947101000000F1000005C8329BFD06", tpduLength: 19 };

interface Played {
  readonly rig: ModemRig;
  readonly outcome: SubmitOutcome | undefined;
}

/** Plays up to `! mark ready`, submits one PDU, and plays on to the end. */
async function playAndSubmit(file: string): Promise<Played> {
  const clock = new SimulatedClock();
  const transcript = replay(file, clock);
  const rig = modemRig(transcript.open, { clock });
  await transcript.playTo("ready");
  expect(rig.modem.status.state, rig.modem.status.detail).toBe("ready");
  let outcome: SubmitOutcome | undefined;
  void rig.modem.submit(PDU).then((settled) => {
    outcome = settled;
  });
  await transcript.play();
  return { rig, outcome };
}

test.each([
  ["quectel-ec25", "quectel"],
  ["simcom-sim800", "simcom"],
  ["huawei-e173", "huawei"],
  ["cinterion-mc75i", "cinterion"],
])("%s sends, gets its report, and receives", async (name, profile) => {
  const { rig, outcome } = await playAndSubmit(`${name}-send-and-receive.txt`);
  expect(outcome).toEqual({ kind: "accepted", messageReference: 0 });
  expect(rig.reports.length).toBe(1);
  expect(rig.delivered.length).toBe(1);
  expect(rig.modem.status.modem?.profile).toBe(profile);
});

describe("what goes wrong after Ctrl-Z is not known", () => {
  test.each([
    ["no-final-result.txt", "no answer within 120 s", "ready"],
    ["restart-on-the-air.txt", "RDY", "starting"],
    ["unplugged-on-the-air.txt", "gone", "starting"],
  ])("%s", async (file, reason, state) => {
    const { rig, outcome } = await playAndSubmit(file);
    expect(outcome).toMatchObject({ kind: "unknown", reason: expect.stringContaining(reason) });
    expect(rig.modem.status.state).toBe(state);
  });

  test("late-answer.txt", async () => {
    const { rig, outcome } = await playAndSubmit("late-answer.txt");
    expect(outcome).toMatchObject({ kind: "unknown" });
    expect(rig.late).toMatchObject([{ kind: "accepted", messageReference: 201 }]);
  });
});

test("stuck-prompt.txt", async () => {
  const { rig, outcome } = await playAndSubmit("stuck-prompt.txt");
  expect(outcome).toMatchObject({ kind: "not-sent" });
  expect(rig.modem.status.state).toBe("ready");
});

test("huawei-noise-everywhere.txt", async () => {
  const { rig, outcome } = await playAndSubmit("huawei-noise-everywhere.txt");
  expect(outcome).toEqual({ kind: "accepted", messageReference: 0 });
  expect(rig.reports.length).toBe(1);
});

test("a dialogue that goes another way is said with its line", async () => {
  const clock = new SimulatedClock();
  const transcript = replay('! plug\n> "\\x1b\\r"\n> ATI\n', clock);
  modemRig(transcript.open, { clock });
  await expect(transcript.play()).rejects.toThrow("line 3: expected > ATI, and we sent");
});

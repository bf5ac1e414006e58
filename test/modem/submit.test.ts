/** What a submit ends as, for each way the dialogue can go. */
import { beforeEach, describe, expect, test } from "vitest";
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import type { ModemRig } from "#test/support/modem-rig.ts";
import type { ScriptedModem } from "#test/support/scripted-modem.ts";
import { atRest } from "./started.ts";

const PDU = { hex: "0011000C919471100000000000A705C8329BFD06", tpduLength: 19 };
const SUBMIT = "AT+CMGS=19";
const PAYLOAD = `${PDU.hex}\x1a`;
const NOTHING = (): undefined => undefined;

let rig: ModemRig;
let modem: ScriptedModem;

beforeEach(async () => {
  ({ rig, modem } = await atRest({ [SUBMIT]: ["> "] }));
});

/** Submits, and lets time pass until there is an outcome. */
async function submit(more = false): Promise<SubmitOutcome> {
  let outcome: SubmitOutcome | undefined;
  void rig.modem.submit(PDU, { more }).then((settled) => {
    outcome = settled;
  });
  await rig.clock.advance(0);
  for (let seconds = 0; outcome === undefined && seconds < 300; seconds++) await rig.clock.advance(1_000);
  if (outcome === undefined) throw new Error("no outcome within 300 s");
  return outcome;
}

const written = (): string[] => modem.sent.filter((command) => command.startsWith("00"));

describe("accepted", () => {
  test("prompt, PDU and Ctrl-Z, reference", async () => {
    modem.answers.set(PAYLOAD, ["+CMGS: 17"]);
    expect(await submit()).toEqual({ kind: "accepted", messageReference: 17 });
    expect(modem.sent).toEqual([SUBMIT, PAYLOAD]);
  });

  test("no status command comes between two submits, and nothing is waited for", async () => {
    modem.answers.set(PAYLOAD, ["+CMGS: 17"]);
    const before = rig.clock.monotonic();
    for (let count = 0; count < 20; count++) expect((await rig.modem.submit(PDU)).kind).toBe("accepted");
    expect(modem.sent).toEqual(Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? SUBMIT : PAYLOAD)));
    expect(rig.clock.monotonic()).toBe(before);
  });

  test("without a reference", async () => {
    modem.answers.set(PAYLOAD, ["OK"]);
    expect(await submit()).toMatchObject({
      kind: "accepted",
      note: expect.stringContaining("no message reference"),
    });
  });

  test("a duplicate is with the service centre already (CMS 197)", async () => {
    modem.answers.set(PAYLOAD, ["+CMS ERROR: 197"]);
    expect(await submit()).toMatchObject({
      kind: "accepted",
      note: expect.stringContaining("holds it already"),
    });
  });
});

describe("refused", () => {
  test.each([
    ["+CMS ERROR: 8", "park-sim"],
    ["+CMS ERROR: 21", "other-sim"],
    ["+CMS ERROR: 42", "slow-down"],
    ["+CMS ERROR: 304", "message-dead"],
    ["+CMS ERROR: 195", "number-dead"],
    ["ERROR", "retry"],
    ["+CMS ERROR: Congestion", "slow-down"],
  ])("%s: %s", async (text, action) => {
    modem.answers.set(PAYLOAD, [text]);
    expect(await submit()).toMatchObject({ kind: "refused", error: { action } });
  });

  test.each([332, 38, 513, 777])(
    "an error %i in place of the prompt proves that nothing was sent",
    async (code) => {
      modem.answers.set(SUBMIT, [`+CMS ERROR: ${code}`]);
      expect(await submit()).toMatchObject({ kind: "refused", error: { code, action: "retry" } });
      expect(written()).toEqual([]);
    },
  );
});

describe("not sent", () => {
  test("no prompt", async () => {
    modem.answers.set(SUBMIT, NOTHING);
    expect(await submit()).toEqual({ kind: "not-sent", reason: "no prompt within 10 s" });
    expect(written()).toEqual([]);
    modem.answers.set(SUBMIT, ["> "]);
    modem.answers.set(PAYLOAD, ["+CMGS: 1"]);
    await rig.clock.advance(5_000);
    expect(await submit()).toMatchObject({ kind: "accepted" });
  });

  test("OK in place of the prompt", async () => {
    modem.answers.set(SUBMIT, ["OK"]);
    expect(await submit()).toMatchObject({ kind: "not-sent" });
    expect(written()).toEqual([]);
  });

  test("unplugged before the prompt", async () => {
    modem.answers.set(SUBMIT, NOTHING);
    const outcome = rig.modem.submit(PDU);
    modem.unplug();
    expect(await outcome).toMatchObject({ kind: "not-sent" });
    expect(rig.modem.status.state).toBe("absent");
    expect(await rig.modem.submit(PDU)).toMatchObject({
      kind: "not-sent",
      reason: expect.stringContaining("absent"),
    });
  });

  test("two at once", async () => {
    modem.answers.set(PAYLOAD, ["+CMGS: 1"]);
    const first = rig.modem.submit(PDU);
    expect(await rig.modem.submit(PDU)).toMatchObject({ kind: "not-sent" });
    expect(await first).toMatchObject({ kind: "accepted" });
  });

  test("a PDU that is none", async () => {
    expect(await rig.modem.submit({ hex: "00\r\x1a", tpduLength: 1 })).toMatchObject({ kind: "not-sent" });
    expect(modem.sent).toEqual([]);
  });
});

describe("unknown", () => {
  test.each([332, 38, 513, 514, 521])("CMS %i", async (code) => {
    modem.answers.set(PAYLOAD, [`+CMS ERROR: ${code}`]);
    expect(await submit()).toMatchObject({ kind: "unknown", error: { code, action: "unknown" } });
    expect(written().length).toBe(1);
  });

  test("silence, and nothing is written while an answer may come", async () => {
    modem.answers.set(PAYLOAD, NOTHING);
    let settled: SubmitOutcome | undefined;
    void rig.modem.submit(PDU).then((outcome) => {
      settled = outcome;
    });
    await rig.clock.advance(189_000);
    expect(settled).toBeUndefined();
    expect(modem.sent).toEqual([SUBMIT, PAYLOAD]);
    await rig.clock.advance(2_000);
    expect(settled).toMatchObject({ kind: "unknown", reason: expect.stringContaining("185 s") });
    // Then the step is found again by AT, and the modem goes on.
    await rig.clock.advance(5_000);
    expect(modem.sent).toContain("AT");
    expect(written().length).toBe(1);
    expect(rig.modem.status.state).toBe("ready");
  });

  test.each(["RDY", "POWERED DOWN"])("the modem restarts on the air: %s", async (line) => {
    modem.answers.set(PAYLOAD, () => [line, "> "]);
    expect(await submit()).toMatchObject({ kind: "unknown", reason: expect.stringContaining(line) });
    await rig.until("ready");
    expect(written().length).toBe(1);
  });

  test.each([
    ["the card changes", "\r\n+CPIN: NOT READY\r\n"],
    ["a message comes in text mode", '\r\n+CMT: "+49","","26/01/01,10:00:00+04"\r\nHi\r\n'],
  ])("%s on the air: the answer is heard out before anything is written", async (_name, line) => {
    modem.answers.set(PAYLOAD, NOTHING);
    const outcome = rig.modem.submit(PDU);
    await rig.clock.advance(1_000);
    modem.say(line);
    await rig.clock.advance(30_000);
    expect(modem.sent).toEqual([SUBMIT, PAYLOAD]);
    modem.say("\r\n+CMGS: 12\r\n\r\nOK\r\n");
    expect(await outcome).toMatchObject({ kind: "accepted", messageReference: 12 });
    await rig.until("starting");
  });

  test("a part that comes up in the first minute is no restart", async () => {
    modem.answers.set(PAYLOAD, () => ["+CMGS: 5", "SMS Ready", "OK"]);
    expect(await submit()).toMatchObject({ kind: "accepted" });
    await rig.clock.advance(60_000);
    modem.answers.set(PAYLOAD, () => ["SMS Ready", "> "]);
    expect(await submit()).toMatchObject({ kind: "unknown" });
  });

  test("unplugged after the PDU", async () => {
    modem.answers.set(PAYLOAD, NOTHING);
    const outcome = rig.modem.submit(PDU);
    await rig.clock.advance(100);
    expect(written().length).toBe(1);
    modem.unplug();
    expect(await outcome).toMatchObject({ kind: "unknown" });
  });
});

test("stopping finishes what is on the air", async () => {
  let answer: () => void = () => undefined;
  modem.answers.set(PAYLOAD, () => {
    answer = () => modem.say("\r\n+CMGS: 8\r\n\r\nOK\r\n");
    return undefined;
  });
  const outcome = rig.modem.submit(PDU);
  await rig.clock.advance(1_000);
  let stopped = false;
  const stopping = rig.modem.stop().then(() => {
    stopped = true;
  });
  await rig.clock.advance(1_000);
  expect(stopped).toBe(false);
  expect(await rig.modem.submit(PDU)).toMatchObject({ kind: "not-sent" });
  answer();
  expect(await outcome).toEqual({ kind: "accepted", messageReference: 8 });
  await stopping;
  expect(modem.isOpen).toBe(false);
  expect(rig.modem.status.state).toBe("stopped");
});

describe("the kept link", () => {
  test("is asked for once in a burst, and given up when idle", async () => {
    modem.answers.set(PAYLOAD, ["+CMGS: 1"]);
    await submit(true);
    await submit(true);
    await submit(false);
    expect(modem.sent.filter((command) => command.startsWith("AT+CMMS"))).toEqual(["AT+CMMS=2"]);
    await rig.clock.advance(61_000);
    expect(modem.sent.filter((command) => command.startsWith("AT+CMMS"))).toEqual(["AT+CMMS=2", "AT+CMMS=0"]);
    await submit(true);
    expect(modem.sent.filter((command) => command === "AT+CMMS=2").length).toBe(2);
  });

  test("no sweep comes between two parts, but one does when the next part does not come", async () => {
    modem.answers.set(PAYLOAD, ["+CMGS: 1"]);
    await submit(true);
    modem.sent.length = 0;
    void rig.modem.submit(PDU, { more: true });
    modem.say('\r\n+CMTI: "ME",-1\r\n');
    await rig.clock.advance(900);
    expect(modem.sent).toContain(PAYLOAD);
    expect(modem.sent).not.toContain("AT+CMGL=4");
    await rig.clock.advance(1_200);
    expect(modem.sent).toContain("AT+CMGL=4");
  });

  test("refused once, it is not asked for again", async () => {
    modem.answers.set(PAYLOAD, ["+CMGS: 1"]);
    modem.answers.set("AT+CMMS=2", ["ERROR"]);
    expect(await submit(true)).toMatchObject({ kind: "accepted" });
    await submit(true);
    expect(modem.sent.filter((command) => command === "AT+CMMS=2").length).toBe(1);
  });
});

describe("errors that ask for a remedy", () => {
  test("a full storage is swept at once", async () => {
    modem.answers.set(PAYLOAD, ["+CMS ERROR: 322"]);
    await submit();
    expect(modem.sent).toContain("AT+CMGL=4");
  });

  test("ME failure twice: the radio is switched off and on, and the modem goes on", async () => {
    modem.answers.set(PAYLOAD, ["+CMS ERROR: 300"]);
    modem.answers.set("AT+CFUN=4", []);
    modem.answers.set("AT+CFUN=1", []);
    await submit();
    await submit();
    expect(rig.modem.status.state).toBe("recovering");
    await rig.until("ready");
    expect(modem.sent).toContain("AT+CFUN=4");
  });

  test("a SIM that is gone", async () => {
    modem.answers.set(SUBMIT, ["+CMS ERROR: 310"]);
    modem.answers.set("AT+CPIN?", ["+CME ERROR: 10"]);
    await submit();
    await rig.until("sim-blocked");
  });
});

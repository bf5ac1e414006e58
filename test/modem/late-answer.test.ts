/** The answer to a submit that nobody waits for any more: told once, and never mistaken. */
import { beforeEach, expect, test } from "vitest";
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import type { ModemRig } from "#test/support/modem-rig.ts";
import type { ScriptedModem } from "#test/support/scripted-modem.ts";
import { atRest, start } from "./started.ts";

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
async function submit(): Promise<SubmitOutcome> {
  let outcome: SubmitOutcome | undefined;
  void rig.modem.submit(PDU).then((settled) => {
    outcome = settled;
  });
  await rig.clock.advance(0);
  for (let seconds = 0; outcome === undefined && seconds < 300; seconds++) await rig.clock.advance(1_000);
  if (outcome === undefined) throw new Error("no outcome within 300 s");
  return outcome;
}

test("an answer that comes after all is told once", async () => {
  modem.answers.set(PAYLOAD, NOTHING);
  expect((await submit()).kind).toBe("unknown");
  modem.say("\r\n+CMGS: 44\r\n\r\nOK\r\n");
  modem.say("\r\n+CMGS: 45\r\n\r\nOK\r\n");
  expect(rig.late).toEqual([
    { kind: "accepted", messageReference: 44, note: "the modem's answer came after the limit" },
  ]);
});

test("an error that comes while the step is looked for is its answer", async () => {
  modem.answers.set(PAYLOAD, NOTHING);
  modem.answers.set("AT", NOTHING);
  expect((await submit()).kind).toBe("unknown");
  modem.say("\r\n+CMS ERROR: 42\r\n");
  expect(rig.late).toMatchObject([{ kind: "refused", error: { code: 42 } }]);
});

test("an error after the modem has answered something else is that of another command", async () => {
  modem.answers.set(PAYLOAD, NOTHING);
  expect((await submit()).kind).toBe("unknown");
  await rig.clock.advance(5_000);
  expect(rig.modem.status.state).toBe("ready");
  modem.say("\r\n+CMS ERROR: 42\r\n");
  expect(rig.late).toEqual([]);
  modem.say("\r\n+CMGS: 44\r\n\r\nOK\r\n");
  expect(rig.late).toMatchObject([{ kind: "accepted", messageReference: 44 }]);
});

test("the answer of a modem that was mute for longer than a session is told too", async () => {
  modem.answers.set(PAYLOAD, NOTHING);
  for (const command of ["AT", "ATQ0"]) modem.answers.set(command, NOTHING);
  expect((await submit()).kind).toBe("unknown");
  await rig.until("recovering");
  for (const command of ["AT", "ATQ0"]) modem.answers.set(command, []);
  await rig.until("ready");
  expect(rig.modem.status.session).toBe(2);
  modem.say("\r\n+CMGS: 44\r\n\r\nOK\r\n");
  expect(rig.late).toMatchObject([{ kind: "accepted", messageReference: 44 }]);
});

test("a modem that restarts while its answer is due has forgotten it", async () => {
  modem.answers.set(PAYLOAD, NOTHING);
  expect((await submit()).kind).toBe("unknown");
  await rig.clock.advance(5_000);
  modem.say("\r\nRDY\r\n");
  await rig.until("starting");
  await rig.until("ready");
  modem.say("\r\n+CMGS: 44\r\n\r\nOK\r\n");
  expect(rig.late).toEqual([]);
});

test("a modem that began anew has nothing to tell of what was before", async () => {
  modem.answers.set(PAYLOAD, () => ["RDY"]);
  expect((await submit()).kind).toBe("unknown");
  await rig.until("ready");
  modem.say("\r\n+CMGS: 44\r\n\r\nOK\r\n");
  expect(rig.late).toEqual([]);
});

test("what comes before anything was handed over is the answer to the process before; an error tells nothing", () => {
  modem.say("\r\n+CMS ERROR: 42\r\n");
  expect(rig.late).toEqual([]);
  modem.say("\r\n+CMGS: 44\r\n\r\nOK\r\n");
  expect(rig.late).toMatchObject([{ kind: "accepted", messageReference: 44 }]);
});

test("it is told also when it comes in the middle of the start-up", async () => {
  const { rig: starting, modem: busy } = await start({}, { until: "starting" });
  busy.say("\r\n+CMGS: 44\r\n\r\nOK\r\n");
  expect(starting.late).toMatchObject([{ kind: "accepted", messageReference: 44 }]);
});

/** EF_SMSS as evidence: told only while it is what the modem itself says. */
import { beforeEach, describe, expect, test } from "vitest";
import { PROFILES } from "#hardware/modem/profiles/index.ts";
import type { ModemRig } from "#test/support/modem-rig.ts";
import type { ScriptedModem } from "#test/support/scripted-modem.ts";
import { atRest, start } from "./started.ts";

const PDU = { hex: "0011000C919471100000000000A705C8329BFD06", tpduLength: 19 };
const ASK = "AT+CRSM=176,28483,0,0,2";

let rig: ModemRig;
let modem: ScriptedModem;

beforeEach(async () => {
  ({ rig, modem } = await atRest({ "AT+CMGS=19": ["> "], [`${PDU.hex}\x1a`]: ["+CMGS: 17"] }));
});

const file = (octets: string): void => void modem.answers.set(ASK, [`+CRSM: 144,0,"${octets}"`]);

test.each([
  ["quoted", ['+CRSM: 144,0,"11FF"'], 17],
  ["bare", ["+CRSM:144,0,11FF"], 17],
  ["with something else to say (91xx)", ['+CRSM: 145,12,"00FF"'], 0],
  ["none used yet", ['+CRSM: 144,0,"FFFF"'], 255],
  ["no such file", ["+CRSM: 106,130"], undefined],
  ["refused", ["+CME ERROR: 3"], undefined],
  ["not answered", () => undefined, undefined],
])("%s", async (_name, answer, reference) => {
  modem.answers.set(ASK, answer);
  let told: number | undefined | "waiting" = "waiting";
  void rig.modem.lastReference().then((value) => {
    told = value;
  });
  await rig.clock.advance(6_000);
  expect(told).toBe(reference);
  expect(modem.sent[0]).toBe(ASK);
});

test("it is told while it follows the references that the modem gives", async () => {
  await rig.modem.submit(PDU);
  file("11FF");
  expect(await rig.modem.lastReference()).toBe(17);
  expect(rig.modem.status.modem).toMatchObject({ keepsLastReference: true, answerLimitMs: 190_000 });
});

test("a file that does not follow is never told again, not even after a new start", async () => {
  await rig.modem.submit(PDU);
  file("05FF");
  expect(await rig.modem.lastReference()).toBeUndefined();
  expect(rig.modem.status.modem?.keepsLastReference).toBe(false);
  modem.unplug();
  await rig.until("absent");
  await rig.until("ready");
  file("11FF");
  modem.sent.length = 0;
  expect(await rig.modem.lastReference()).toBeUndefined();
  expect(modem.sent).not.toContain(ASK);
});

test("after an unknown submit it may have moved on, and is told as it is", async () => {
  await rig.modem.submit(PDU);
  modem.answers.set(`${PDU.hex}\x1a`, ["+CMS ERROR: 332"]);
  expect(await rig.modem.submit(PDU)).toMatchObject({ kind: "unknown" });
  file("12FF");
  expect(await rig.modem.lastReference()).toBe(18);
});

test("only a modem that is ready is asked", async () => {
  modem.unplug();
  await rig.until("absent");
  expect(await rig.modem.lastReference()).toBeUndefined();
});

describe("families", () => {
  test("none is trusted in this of which nobody knows it", () => {
    const trusted = PROFILES.filter(({ keepsLastReference }) => keepsLastReference);
    expect(trusted.map(({ name }) => name)).toEqual(["generic"]);
  });

  test("one that is not trusted is not asked", async () => {
    const quectel = await start({ "AT+CGMI": ["Quectel"], [ASK]: ['+CRSM: 144,0,"11FF"'] });
    expect(await quectel.rig.modem.lastReference()).toBeUndefined();
    expect(quectel.rig.modem.status.modem?.keepsLastReference).toBe(false);
    expect(quectel.modem.sent).not.toContain(ASK);
  });
});

describe("the count of sessions", () => {
  test("grows with each new start, and by nothing else", async () => {
    expect(rig.modem.status.session).toBe(1);
    await rig.modem.submit(PDU);
    await rig.clock.advance(300_000);
    expect(rig.modem.status.session).toBe(1);
    modem.say("\r\nRDY\r\n");
    await rig.until("starting");
    await rig.until("ready");
    expect(rig.modem.status.session).toBe(2);
    modem.unplug();
    await rig.until("absent");
    await rig.until("ready");
    expect(rig.modem.status.session).toBe(3);
  });

  test("a restart without a word is noticed before the next submit after a lost answer", async () => {
    modem.answers.set(`${PDU.hex}\x1a`, () => undefined);
    const lost = rig.modem.submit(PDU);
    await rig.clock.advance(100);
    // Restarted: it answers as before, but its indications are what they are after power-up.
    modem.answers.set("AT+CNMI?", ["+CNMI: 0,0,0,0,0"]);
    const next = lost.then(() => rig.modem.submit(PDU));
    await rig.clock.advance(195_000);
    expect((await lost).kind).toBe("unknown");
    expect((await next).kind).toBe("not-sent");
    modem.answers.set("AT+CNMI?", ["+CNMI: 2,1,0,2,0"]);
    await rig.until("ready");
    expect(rig.modem.status.session).toBe(2);
  });
});

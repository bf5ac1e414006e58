/** SIMs that are busy, missing or locked, and the PIN, which is tried once. */
import { describe, expect, test } from "vitest";
import type { ModemSettings } from "#hardware/modem/settings.ts";
import { modemRig, rememberingPins } from "#test/support/modem-rig.ts";
import { type Answer, type ScriptedModem, scriptedModem } from "#test/support/scripted-modem.ts";
import { inTurn, start } from "./started.ts";

describe("the SIM", () => {
  test("busy for a while", async () => {
    const { modem } = await start({
      "AT+CPIN?": inTurn(["+CME ERROR: 14"], ["+CME ERROR: 14"], ["+CPIN: READY"]),
      "AT+CIMI": inTurn(["+CME ERROR: 14"], ["262019876543210"]),
    });
    expect(modem.sent.filter((command) => command === "AT+CPIN?").length).toBe(3);
  });

  test("CPIN without an OK (Wavecom)", async () => {
    const { rig } = await start({ "AT+CPIN?": ["+CPIN: READY", "> "] });
    expect(rig.modem.status.state).toBe("ready");
  });

  test("missing: one cycle of the radio, then a person; inserted: it goes on by itself", async () => {
    const { rig, modem } = await start(
      { "AT+CPIN?": ["+CME ERROR: 10"], "AT+CFUN=0": [], "AT+CFUN=1": [] },
      { until: "sim-blocked" },
    );
    expect(rig.modem.status.detail).toContain("no SIM");
    expect(modem.sent).toEqual(expect.arrayContaining(["AT+CFUN=0", "AT+CFUN=1"]));
    expect(await rig.modem.submit({ hex: "0011", tpduLength: 1 })).toMatchObject({ kind: "not-sent" });
    modem.answers.set("AT+CPIN?", ["+CPIN: READY"]);
    await rig.until("ready");
  });

  test.each([
    ["+CPIN: SIM PUK", "PUK"],
    ["+CPIN: PH-NET PIN", "another operator"],
    ["+CME ERROR: 262", "blocked"],
  ])("%s needs a person", async (text, word) => {
    const { rig } = await start({ "AT+CPIN?": [text] }, { until: "sim-blocked" });
    expect(rig.modem.status.detail).toContain(word);
  });

  test("pulled out while it works", async () => {
    const { rig, modem } = await start({ "AT+CFUN=0": [], "AT+CFUN=1": [] });
    modem.answers.set("AT+CPIN?", ["+CME ERROR: 10"]);
    modem.say("\r\n+CPIN: NOT INSERTED\r\n");
    await rig.until("sim-blocked");
    expect(rig.modem.status.sim).toBeUndefined();
    expect(rig.modem.status.registration).toBeUndefined();
  });
});

describe("the PIN", () => {
  const locked = (left: string): Record<string, Answer> => ({
    "AT+CPIN?": ["+CPIN: SIM PIN"],
    'AT+CPINR="SIM PIN"': [`+CPINR: SIM PIN,${left},3`],
    'AT+CPIN="1234"': ["+CME ERROR: 16"],
  });
  const tried = (modem: ScriptedModem): number =>
    modem.sent.filter((command) => command.startsWith("AT+CPIN=")).length;

  test("right: remembered before it is tried, and good for the next time", async () => {
    const tries: string[] = [];
    const modem = scriptedModem();
    for (const [command, answer] of Object.entries(locked("3"))) modem.answers.set(command, answer);
    modem.answers.set('AT+CPIN="1234"', () => {
      expect(tries).toEqual(["89497401000054230189 1234"]);
      modem.answers.set("AT+CPIN?", ["+CPIN: READY"]);
      return [];
    });
    const rig = modemRig(modem.open, { settings: { pin: "1234" }, pinMemory: rememberingPins(tries) });
    await rig.until("ready");
    expect(tried(modem)).toBe(1);

    modem.answers.set("AT+CPIN?", ["+CPIN: SIM PIN"]);
    modem.say("\r\nRDY\r\n");
    await rig.until("starting");
    await rig.until("ready");
    expect(tried(modem), "a PIN that was right opens the SIM again").toBe(2);
  });

  test("wrong: tried once, however often modem and gateway start again", async () => {
    const tries: string[] = [];
    const pinMemory = rememberingPins(tries);
    for (let restart = 0; restart < 5; restart++) {
      const { rig, modem } = await start(locked("3"), {
        settings: { pin: "1234" },
        until: "sim-blocked",
        pinMemory,
      });
      expect(rig.modem.status.detail).toMatch(restart === 0 ? /PIN is wrong/ : /not tried again/);
      modem.say("\r\nRDY\r\n");
      await rig.until("starting");
      await rig.until("sim-blocked");
      await rig.clock.advance(200_000);
      expect(tried(modem)).toBe(restart === 0 ? 1 : 0);
      await rig.modem.stop();
    }
    expect(tries.length).toBe(1);
  });

  test("without an answer, and the SIM still locked: it counts as tried", async () => {
    const tries: string[] = [];
    const { modem } = await start(
      { ...locked("3"), 'AT+CPIN="1234"': () => undefined },
      { settings: { pin: "1234" }, until: "sim-blocked", pinMemory: rememberingPins(tries) },
    );
    expect(tried(modem)).toBe(1);
    expect(tries.length).toBe(1);
  });

  test("another SIM may have it", async () => {
    const tries = ["8949000000000000000 1234"];
    const { modem } = await start(locked("3"), {
      settings: { pin: "1234" },
      until: "sim-blocked",
      pinMemory: rememberingPins(tries),
    });
    expect(tried(modem)).toBe(1);
  });

  test.each<[string, Record<string, Answer>, ModemSettings, RegExp]>([
    ["one try left", locked("1"), { pin: "1234" }, /only 1 PIN try/],
    [
      "tries not known",
      { ...locked("3"), 'AT+CPINR="SIM PIN"': ["ERROR"] },
      { pin: "1234" },
      /how many PIN tries/,
    ],
    ["no PIN set", locked("3"), {}, /set `pin`/],
  ])("never with %s", async (_name, changes, settings, why) => {
    const { rig, modem } = await start(changes, { settings, until: "sim-blocked" });
    expect(rig.modem.status.detail).toMatch(why);
    expect(tried(modem)).toBe(0);
  });

  test("tries by asking the card itself", async () => {
    const { modem } = await start(
      { ...locked("3"), 'AT+CPINR="SIM PIN"': ["ERROR"], 'AT+CSIM=10,"0020000100"': ['+CSIM: 4,"63C2"'] },
      { settings: { pin: "1234" }, until: "sim-blocked" },
    );
    expect(tried(modem)).toBe(1);
  });

  test("an ICCID that is hidden before the PIN: the modem's IMEI stands in", async () => {
    const tries: string[] = [];
    await start(
      { ...locked("3"), "AT+CRSM=176,12258,0,0,10": ["+CME ERROR: 11"] },
      { settings: { pin: "1234" }, until: "sim-blocked", pinMemory: rememberingPins(tries) },
    );
    expect(tries).toEqual(["imei:490154203237518 1234"]);
  });
});

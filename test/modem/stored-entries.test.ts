/** PDUs that lie on the modem until they are sent: stored, sent, looked at, deleted. */
import { beforeEach, describe, expect, test } from "vitest";
import type { StoredEntry, SubmitOutcome } from "#hardware/modem/types.ts";
import { type ModemRig, modemRig } from "#test/support/modem-rig.ts";
import { type ScriptedModem, scriptedModem } from "#test/support/scripted-modem.ts";
import { MESSAGE } from "./arrivals.ts";
import { atRest, settled } from "./started.ts";

const PDU = { hex: "0011000C919471100000000000A705C8329BFD06", tpduLength: 19 };
/** As a modem may give it back: with its own service centre and the reference it was sent with. */
const GIVEN_BACK = "0791947101670000112A0C919471100000000000A705C8329BFD06";
const OTHER = "0011000C919471100000000000A705C8329BFD07";
const STORE = "AT+CMGW=19";
const PAYLOAD = `${PDU.hex}\x1a`;
const SEND = "AT+CMSS=3";
const NOTHING = (): undefined => undefined;

let rig: ModemRig;
let modem: ScriptedModem;

beforeEach(async () => {
  ({ rig, modem } = await atRest({ [STORE]: ["> "], [PAYLOAD]: ["+CMGW: 3"], "AT+CMGD=3": [] }));
});

async function stored(): Promise<StoredEntry> {
  const outcome = await settled(rig, rig.modem.store(PDU));
  if (outcome.kind !== "stored") throw new Error(`it is ${outcome.kind}`);
  return outcome.entry;
}

const lies = (state: number, hex = PDU.hex): void =>
  void modem.answers.set("AT+CMGR=3", [`+CMGR: ${state},,19`, hex]);
const count = (command: string): number => modem.sent.filter((sent) => sent === command).length;

describe("storing", () => {
  test("AT+CMGW, prompt, PDU and Ctrl-Z; the storage is memory 2", async () => {
    expect(await stored()).toMatchObject({ storage: "ME", index: 3 });
    expect(modem.sent).toEqual([STORE, PAYLOAD]);
  });

  test("memory 2 may be another one than that for reading", async () => {
    const wavecom = scriptedModem();
    wavecom.answers.set("AT+CPMS=?", ['+CPMS: (("SM","SR"),("SM"))']);
    wavecom.answers.set('AT+CPMS="SM","SM"', []);
    wavecom.answers.set("AT+CPMS?", ['+CPMS: "SM",0,10,"SM",0,10']);
    wavecom.answers.set(STORE, ["> "]);
    wavecom.answers.set(PAYLOAD, ["+CMGW: 0"]);
    const other = modemRig(wavecom.open);
    await other.until("ready");
    await other.clock.advance(6_000);
    expect(await other.modem.store(PDU)).toMatchObject({
      kind: "stored",
      entry: { storage: "SM", index: 0 },
    });
  });

  test.each([
    ["full", STORE, ["+CMS ERROR: 322"], "reset-modem"],
    ["after the PDU", PAYLOAD, ["+CMS ERROR: 304"], "message-dead"],
    [
      "an error that would leave a submit open proves here that nothing was sent",
      PAYLOAD,
      ["+CMS ERROR: 332"],
      "retry",
    ],
    ["not known", STORE, ["ERROR"], "retry"],
  ])("refused: %s", async (_name, command, answer, action) => {
    modem.answers.set(command, answer);
    expect(await settled(rig, rig.modem.store(PDU))).toMatchObject({ kind: "refused", error: { action } });
  });

  test.each([
    ["no prompt", STORE, NOTHING, 0],
    ["OK without a place", PAYLOAD, ["OK"], 1],
    ["no answer", PAYLOAD, NOTHING, 1],
  ])("not stored: %s", async (_name, command, answer, written) => {
    modem.answers.set(command, answer);
    expect(await settled(rig, rig.modem.store(PDU))).toMatchObject({ kind: "not-stored" });
    expect(count(PAYLOAD)).toBe(written);
  });

  test("a full storage is swept at once", async () => {
    modem.answers.set(STORE, ["+CMS ERROR: 322"]);
    await settled(rig, rig.modem.store(PDU));
    expect(modem.sent).toContain("AT+CMGL=4");
  });

  test("not while the modem is gone, and not what is no PDU", async () => {
    expect(await rig.modem.store({ hex: "00\r", tpduLength: 1 })).toMatchObject({ kind: "not-stored" });
    modem.unplug();
    await rig.until("absent");
    expect(await rig.modem.store(PDU)).toMatchObject({ kind: "not-stored" });
    expect(await rig.modem.storedStatus({ storage: "ME", index: 3, fingerprint: "" })).toBeUndefined();
    expect(count(PAYLOAD)).toBe(0);
  });

  test("what a lost answer left behind is deleted by a sweep; what came in is not", async () => {
    modem.answers.set(PAYLOAD, NOTHING);
    await settled(rig, rig.modem.store(PDU));
    lies(2);
    modem.answers.set("AT+CMGR=5", ["+CMGR: 2,,19", OTHER]);
    modem.answers.set("AT+CMGD=1", []);
    modem.answers.set("AT+CMGL=4", (): readonly string[] => {
      modem.answers.set("AT+CMGL=4", []);
      return ["+CMGL: 1,0,,24", MESSAGE, "+CMGL: 3,2,,19", PDU.hex, "+CMGL: 5,2,,19", OTHER];
    });
    await rig.clock.advance(70_000);
    expect(rig.delivered.map(({ hex }) => hex)).toEqual([MESSAGE]);
    expect(modem.sent.filter((command) => command.startsWith("AT+CMGD")).sort()).toEqual([
      "AT+CMGD=1",
      "AT+CMGD=3",
    ]);
  });
});

describe("sending what is stored", () => {
  test("the reference of +CMSS, and nothing but the command on the line", async () => {
    const entry = await stored();
    modem.answers.set(SEND, ["+CMSS: 42"]);
    expect(await rig.modem.sendStored(entry)).toEqual({ kind: "accepted", messageReference: 42 });
    expect(modem.sent).toEqual([STORE, PAYLOAD, SEND]);
  });

  test.each([
    ["+CMS ERROR: 42", { kind: "refused", error: { action: "slow-down" } }],
    ["+CMS ERROR: 321", { kind: "refused", error: { code: 321 } }],
    ["+CMS ERROR: 197", { kind: "accepted" }],
    ["+CMS ERROR: 332", { kind: "unknown" }],
    ["+CMS ERROR: 38", { kind: "unknown" }],
    ["+CMS ERROR: 513", { kind: "unknown" }],
    ["+CMS ERROR: 521", { kind: "unknown" }],
    ["ERROR", { kind: "refused" }],
    ["OK", { kind: "accepted", note: "the modem gave no message reference" }],
  ])("%s", async (text, outcome) => {
    const entry = await stored();
    modem.answers.set(SEND, [text]);
    expect(await settled(rig, rig.modem.sendStored(entry))).toMatchObject(outcome);
  });

  test("silence: nothing is written until the limit, then nobody knows, and a late answer is told", async () => {
    const entry = await stored();
    modem.answers.set(SEND, NOTHING);
    modem.sent.length = 0;
    let outcome: SubmitOutcome | undefined;
    void rig.modem.sendStored(entry).then((value) => {
      outcome = value;
    });
    await rig.clock.advance(189_000);
    expect(outcome).toBeUndefined();
    expect(modem.sent).toEqual([SEND]);
    await rig.clock.advance(2_000);
    expect(outcome).toEqual({ kind: "unknown", reason: "no answer within 185 s after AT+CMSS=3" });
    modem.say("\r\n+CMSS: 44\r\n\r\nOK\r\n");
    expect(rig.late).toMatchObject([{ kind: "accepted", messageReference: 44 }]);
    expect(count(SEND)).toBe(1);
  });

  test("unplugged on the air", async () => {
    const entry = await stored();
    modem.answers.set(SEND, NOTHING);
    const outcome = rig.modem.sendStored(entry);
    await rig.clock.advance(100);
    modem.unplug();
    expect(await outcome).toMatchObject({ kind: "unknown" });
  });

  test("one at a time, whichever way", async () => {
    const entry = await stored();
    modem.answers.set(SEND, NOTHING);
    const first = rig.modem.sendStored(entry);
    expect(await rig.modem.submit(PDU)).toMatchObject({ kind: "not-sent" });
    expect(await rig.modem.sendStored(entry)).toMatchObject({ kind: "not-sent" });
    await settled(rig, first);
  });

  test("a part of a long message keeps the link", async () => {
    const entry = await stored();
    modem.answers.set(SEND, ["+CMSS: 1"]);
    await rig.modem.sendStored(entry, { more: true });
    expect(modem.sent.slice(2)).toEqual(["AT+CMMS=2", SEND]);
  });

  test.each([
    ["lies there unsent", 2, PDU.hex, "accepted", 1],
    ["lies there with the modem's own service centre", 2, GIVEN_BACK, "accepted", 1],
    ["was sent already", 3, PDU.hex, "unknown", 0],
    ["is another one", 2, OTHER, "not-sent", 0],
    ["is one that came in", 1, MESSAGE, "not-sent", 0],
  ])("after a new start it is looked at first: it %s", async (_name, state, hex, kind, sends) => {
    const entry = await stored();
    modem.unplug();
    await rig.until("absent");
    await rig.until("ready");
    modem.answers.set(SEND, ["+CMSS: 1"]);
    lies(state, hex);
    expect(await settled(rig, rig.modem.sendStored(entry))).toMatchObject({ kind });
    expect(count(SEND)).toBe(sends);
  });

  test("nothing is sent from a storage that is not memory 2 now", async () => {
    const entry = { ...(await stored()), storage: "SM" };
    expect(await rig.modem.sendStored(entry)).toMatchObject({ kind: "not-sent" });
    expect(count(SEND)).toBe(0);
  });
});

describe("what became of it", () => {
  test.each([
    ["unsent", ["+CMGR: 2,,19", PDU.hex], "unsent"],
    ["sent", ["+CMGR: 3,,19", PDU.hex], "sent"],
    ["sent, with its reference and a service centre", ["+CMGR: 3,,19", GIVEN_BACK], "sent"],
    ["another one", ["+CMGR: 3,,19", OTHER], "gone"],
    ["a message that came in", ["+CMGR: 0,,24", MESSAGE], "gone"],
    ["an empty place", ["+CMS ERROR: 321"], "gone"],
    ["an empty place, said with OK", [], "gone"],
    ["an error", ["+CMS ERROR: 320"], undefined],
    ["silence", NOTHING, undefined],
  ])("%s", async (_name, answer, status) => {
    const entry = await stored();
    modem.answers.set("AT+CMGR=3", answer);
    expect(await settled(rig, rig.modem.storedStatus(entry))).toBe(status);
  });

  test("it is looked for in its own storage", async () => {
    lies(3);
    const entry = { ...(await stored()), storage: "SM" };
    expect(await settled(rig, rig.modem.storedStatus(entry))).toBe("sent");
    expect(modem.sent.slice(2)).toEqual(['AT+CPMS="SM"', "AT+CMGR=3"]);
  });
});

describe("deleting", () => {
  test.each([
    ["sent", ["+CMGR: 3,,19", PDU.hex], 1],
    ["unsent", ["+CMGR: 2,,19", PDU.hex], 1],
    ["a message that came in meanwhile", ["+CMGR: 0,,24", MESSAGE], 0],
    ["nothing there", ["+CMS ERROR: 321"], 0],
    ["silence", NOTHING, 0],
  ])("%s", async (_name, answer, deletions) => {
    const entry = await stored();
    modem.answers.set("AT+CMGR=3", answer);
    await settled(rig, rig.modem.deleteStored(entry));
    expect(count("AT+CMGD=3")).toBe(deletions);
  });
});

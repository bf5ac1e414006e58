/** Prompt, PDU, answer, and nothing written in between. */
import { beforeEach, describe, expect, test } from "vitest";
import type { Channel } from "#hardware/at/channel.ts";
import { basicCommand, readCommand } from "#hardware/at/command.ts";
import type { SimulatedClock } from "#shared/simulated-clock.ts";
import { ChannelRig } from "./channel-rig.ts";

const LIMITS = { promptMs: 10_000, answerMs: 60_000, lateMs: 5_000 };
const PDU = { hex: "0011000C919471", tpduLength: 6 };

let rig: ChannelRig;
let clock: SimulatedClock;
let channel: Channel;
let written: string[];

beforeEach(() => {
  rig = new ChannelRig();
  ({ clock, channel, written } = rig);
});

const says = (text: string): void => rig.says(text);
const lines = (): string[] => rig.lines();

describe("a submit", () => {
  test("PDU and Ctrl-Z go in one write, and nothing until the answer", async () => {
    const reply = channel.submit(PDU, LIMITS);
    expect(written).toEqual(["AT+CMGS=6\r"]);
    says("AT+CMGS=6\r\r\n> ");
    expect(written).toEqual(["AT+CMGS=6\r", `${PDU.hex}\x1a`]);
    says(`${PDU.hex}\x1a\r\n\r\nRING\r\n`);
    await clock.advance(30_000);
    says("\r\n+CMGS: 255\r\n\r\nOK\r\n");
    expect(await reply).toEqual({ kind: "sent", number: 255, late: false, ended: true });
    expect(written.length).toBe(2);
    expect(lines()).toEqual(["RING"]);
  });

  test.each([
    ["with a time stamp", '+CMGS: 17,"26/01/01,10:00:00+04"', 17],
    ["with an acknowledge PDU", "+CMGS: 17,07914400000000F0", 17],
    ["without a space", "+CMGS:17", 17],
    ["out of range", "+CMGS: 70000", undefined],
  ])("the reference %s", async (_name, text, reference) => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says(`\r\n${text}\r\n\r\nOK\r\n`);
    const result = await reply;
    expect(result.kind === "sent" && result.number).toBe(reference);
  });

  test("OK without a reference is sent too", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says("\r\nOK\r\n");
    expect(await reply).toEqual({ kind: "sent", late: false, ended: true });
  });

  test("a lost OK after the reference is not waited for long", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says("\r\n+CMGS: 4\r\n");
    await clock.advance(5_000);
    expect(await reply).toEqual({ kind: "sent", number: 4, late: false, ended: false });
    // That OK may still come, and must not end the next command.
    const next = channel.run(readCommand("+CSQ"));
    says("\r\nOK\r\n");
    await rig.answerResync();
    says("\r\n+CSQ: 9,99\r\n\r\nOK\r\n");
    expect(await next).toMatchObject({ lines: ["+CSQ: 9,99"] });
  });

  test("an error after the PDU, and one before it", async () => {
    const after = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says("\r\n+CMS ERROR: 38\r\n");
    expect(await after).toMatchObject({ kind: "refused", pduWritten: true, error: { code: 38 } });
    const before = channel.submit(PDU, LIMITS);
    says("\r\n+CMS ERROR: 310\r\n");
    expect(await before).toMatchObject({ kind: "refused", pduWritten: false, error: { code: 310 } });
  });

  test("no prompt: ESC, never Ctrl-Z, and no PDU", async () => {
    const reply = channel.submit(PDU, LIMITS);
    await clock.advance(10_000);
    expect(await reply).toMatchObject({ kind: "no-prompt" });
    const next = channel.run(basicCommand(""));
    await rig.answerResync();
    says("\r\nOK\r\n");
    expect((await next).kind).toBe("ok");
    expect(written.join("")).not.toContain("\x1a");
    expect(written.join("")).not.toContain(PDU.hex);
  });

  test("a prompt that comes too late gets ESC", async () => {
    const reply = channel.submit(PDU, LIMITS);
    await clock.advance(10_000);
    await reply;
    const next = channel.run(basicCommand(""));
    says("\r\n> ");
    await rig.answerResync();
    expect(written).toEqual(["AT+CMGS=6\r", "\x1b\r", "AT\r", "AT+CMGF?\r", "AT\r"]);
    says("\r\nOK\r\n");
    await next;
  });

  test("an answer after the limit still counts while we listen, and nothing was written meanwhile", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    await clock.advance(63_000);
    expect(written.length).toBe(2);
    says("\r\n+CMGS: 9\r\n\r\nOK\r\n");
    expect(await reply).toEqual({ kind: "sent", number: 9, late: true, ended: true });
  });

  test("silence after the PDU", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    await clock.advance(65_000);
    expect(await reply).toEqual({ kind: "no-answer", reason: "no answer within 60 s after the PDU" });
  });

  test.each([
    ["before the prompt", "", "no-prompt"],
    ["after the PDU", "\r\n> ", "no-answer"],
    ["after the reference", "\r\n> \r\n+CMGS: 3\r\n", "sent"],
  ])("the port closes %s", async (_name, said, kind) => {
    const reply = channel.submit(PDU, LIMITS);
    says(said);
    channel.close("the device is gone");
    expect((await reply).kind).toBe(kind);
    expect((await channel.submit(PDU, LIMITS)).kind).toBe("no-prompt");
    expect((await channel.run(basicCommand(""))).kind).toBe("closed");
  });

  test("a port that is closed at the prompt took no PDU", async () => {
    const reply = channel.submit(PDU, LIMITS);
    rig.closed = true;
    says("\r\n> ");
    expect((await reply).kind).toBe("no-prompt");
  });

  test("the text of a message never ends it", async () => {
    const reply = channel.submit(PDU, LIMITS);
    says("\r\n> ");
    says('\r\n+CMT: "+49","","26/01/01,10:00:00+04"\r\n+CMGS: 66\r\n\r\n+CUSD: 1,"\r\nOK\r\n",15\r\n');
    says("\r\n+CMGS: 7\r\n\r\nOK\r\n");
    expect(await reply).toMatchObject({ kind: "sent", number: 7 });
  });

  test("a PDU that is none is refused before anything is written", async () => {
    await expect(channel.submit({ hex: "00\r", tpduLength: 1 }, LIMITS)).rejects.toThrow("a PDU is");
    expect(written).toEqual([]);
  });
});

describe("storing", () => {
  test("the same dialogue; the number is the place", async () => {
    const reply = channel.store(PDU, LIMITS);
    says("\r\n> ");
    expect(written).toEqual(["AT+CMGW=6\r", `${PDU.hex}\x1a`]);
    says("\r\n+CMGW: 300\r\n\r\nOK\r\n");
    expect(await reply).toEqual({ kind: "sent", number: 300, late: false, ended: true });
  });
});

describe("sending what is stored", () => {
  test("the command alone, its echo, and the reference", async () => {
    const reply = channel.sendStored(3, LIMITS);
    says("AT+CMSS=3\r\r\n+CREG: 1\r\n");
    await clock.advance(30_000);
    says("\r\n+CMSS: 17\r\n\r\nOK\r\n");
    expect(await reply).toEqual({ kind: "sent", number: 17, late: false, ended: true });
    expect(written).toEqual(["AT+CMSS=3\r"]);
    expect(lines()).toEqual(["+CREG: 1"]);
  });

  test("a prompt is not answered, and an error may have come from the network", async () => {
    const reply = channel.sendStored(3, LIMITS);
    says("\r\n> ");
    says("\r\n+CMS ERROR: 38\r\n");
    expect(await reply).toMatchObject({ kind: "refused", pduWritten: true, error: { code: 38 } });
    expect(written).toEqual(["AT+CMSS=3\r"]);
  });

  test.each([
    ["silence", "", "no-answer"],
    ["the port closes", "close", "no-answer"],
  ])("%s", async (_name, what, kind) => {
    const reply = channel.sendStored(3, LIMITS);
    if (what === "close") channel.close("the device is gone");
    await clock.advance(65_000);
    expect((await reply).kind).toBe(kind);
    expect(written).toEqual(["AT+CMSS=3\r"]);
  });

  test("a port that is closed took nothing", async () => {
    rig.closed = true;
    expect((await channel.sendStored(3, LIMITS)).kind).toBe("no-prompt");
  });
});

/** One command in flight, absolute deadlines, and how the step is found again. */
import { beforeEach, describe, expect, test } from "vitest";
import { type Channel, createChannel } from "#hardware/at/channel.ts";
import { basicCommand, readCommand, runCommand, setCommand } from "#hardware/at/command.ts";
import type { SimulatedClock } from "#shared/simulated-clock.ts";
import { ChannelRig } from "./channel-rig.ts";

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

describe("a command", () => {
  test("gets its lines, and nothing else", async () => {
    const reply = channel.run(readCommand("+CPIN"));
    says('AT+CPIN?\r\r\n+CMTI: "SM",3\r\n\r\n+CPIN: READY\r\n\r\nRING\r\n\r\n^RSSI:12\r\n\r\nOK\r\n');
    expect(await reply).toEqual({ kind: "ok", lines: ["+CPIN: READY"], records: [] });
    expect(lines()).toEqual(['+CMTI: "SM",3', "RING", "^RSSI:12"]);
  });

  test("takes bare answers only where it asks for them", async () => {
    const reply = channel.run(runCommand("+CGMM"), { bare: true });
    says("\r\n^BOOT:1\r\n\r\nEC25\r\n\r\nCall Ready\r\n\r\nOK\r\n");
    expect((await reply).lines).toEqual(["EC25"]);
    expect(lines()).toEqual(["^BOOT:1", "Call Ready"]);
  });

  test("gets the records of its own listing; +CMT and +CDS in between are unsolicited", async () => {
    const reply = channel.run(setCommand("+CMGL", 4));
    says("\r\n+CMGL: 1,1,,24\r\n07914400000000F0\r\n\r\n+CDS: 25\r\n0006110A00000000\r\n\r\nOK\r\n");
    expect((await reply).records.map((record) => record.data)).toEqual(["07914400000000F0"]);
    expect(rig.unsolicited).toMatchObject([{ kind: "record", data: "0006110A00000000" }]);
  });

  test.each([
    ["ERROR", { family: "plain" }],
    ["+CME ERROR: 14", { family: "cme", code: 14 }],
    ["COMMAND NOT SUPPORT", { family: "plain" }],
  ])("ends at %s", async (text, error) => {
    const reply = channel.run(readCommand("+CPIN"));
    says(`\r\n${text}\r\n`);
    expect(await reply).toMatchObject({ kind: "error", error });
  });

  test("ends at its line where a modem leaves out the OK, and takes the OK where it comes", async () => {
    const shape = { endsAt: (line: string) => line.endsWith("READY") };
    const without = channel.run(readCommand("+CPIN"), shape);
    says("\r\n+CPIN: READY\r\n");
    await clock.advance(1_000);
    expect(await without).toMatchObject({ kind: "ok", lines: ["+CPIN: READY"] });
    const withOk = channel.run(readCommand("+CPIN"), shape);
    says("\r\n+CPIN: READY\r\n");
    await clock.advance(500);
    says("\r\nOK\r\n");
    expect(await withOk).toMatchObject({ kind: "ok", lines: ["+CPIN: READY"] });
    expect(clock.nextTimerMs()).toBeUndefined();
  });

  test("is never one of two", async () => {
    void channel.run(basicCommand(""));
    await expect(channel.run(basicCommand(""))).rejects.toThrow("two commands at once");
  });

  test("a modem that answers within the write is heard", async () => {
    const quick = createChannel({
      clock,
      write: () => quick.feed(Buffer.from("\r\nOK\r\n")),
      onUnsolicited: () => undefined,
    });
    expect((await quick.run(basicCommand(""))).kind).toBe("ok");
  });
});

describe("deadlines", () => {
  test("are not put off by what the modem says by itself", async () => {
    const reply = channel.run(readCommand("+COPS"), { timeoutMs: 5_000 });
    for (let second = 0; second < 4; second++) {
      await clock.advance(1_000);
      says("\r\n^DSFLOWRPT:0\r\n");
    }
    await clock.advance(1_000);
    expect((await reply).kind).toBe("timeout");
    expect(channel.unanswered).toBe(1);
  });

  test("after one the step is found again first, so a late answer is nobody's", async () => {
    const first = channel.run(readCommand("+COPS"), { timeoutMs: 5_000 });
    await clock.advance(5_000);
    expect((await first).kind).toBe("timeout");
    const second = channel.run(readCommand("+CSQ"));
    // The late answer comes while the channel waits for silence.
    says("\r\n+COPS: 0\r\n\r\nOK\r\n");
    await rig.answerResync();
    expect(written.at(-1)).toBe("AT+CSQ?\r");
    says("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
    expect(await second).toMatchObject({ kind: "ok", lines: ["+CSQ: 20,99"] });
    expect(channel.unanswered).toBe(0);
  });

  test("an OK that is older than it seems is found out", async () => {
    const first = channel.run(readCommand("+COPS"));
    await clock.advance(5_000);
    await first;
    const second = channel.run(readCommand("+CSQ"));
    await clock.advance(300);
    // The answer to AT+COPS? comes now, and is taken for that to AT; AT's own for that to the question.
    says("\r\nOK\r\n");
    await clock.advance(300);
    expect(written.at(-1)).toBe("AT+CMGF?\r");
    says("\r\nOK\r\n");
    // So it begins again, and asks another question.
    says("\r\n+CMGF: 0\r\n\r\nOK\r\n");
    await clock.advance(300);
    expect(written.at(-1)).toBe("ATQ0\r");
    says("\r\nOK\r\n");
    // Each time it listens longer before it asks.
    await clock.advance(1_000);
    expect(written.at(-1)).toBe("AT+CSCS?\r");
    says('\r\n+CSCS: "GSM"\r\n\r\nOK\r\n');
    await clock.advance(0);
    says("\r\n+CSQ: 20,99\r\n\r\nOK\r\n");
    expect(await second).toMatchObject({ kind: "ok", lines: ["+CSQ: 20,99"] });
  });

  test("a modem that says OK to every question is believed in the end", async () => {
    const parrot = createChannel({
      clock,
      write: () => queueMicrotask(() => parrot.feed(Buffer.from("\r\nOK\r\n"))),
      onUnsolicited: () => undefined,
    });
    const found = parrot.resynchronise();
    await clock.advance(10_000);
    expect(await found).toBe(true);
  });

  test("a modem that stays mute is given up after three more tries", async () => {
    const first = channel.run(readCommand("+COPS"));
    await clock.advance(5_000);
    await first;
    written.length = 0;
    const second = channel.run(readCommand("+CSQ"));
    await clock.advance(10_000);
    expect((await second).kind).toBe("timeout");
    expect(written).toEqual(["\x1b\r", "AT\r", "\x1b\r", "ATQ0\r", "\x1b\r", "ATQ0\r"]);
    expect(channel.unanswered).toBe(4);
  });
});

/** Faults: where they strike, whom, how often, and what the ledger says to it. */
import { describe, expect, test } from "vitest";
import { addressText } from "#hardware/pdu/address.ts";
import type { FaultAction, FaultPoint } from "#hardware/simulator/faults/faults.ts";
import { reports } from "./reports.ts";
import { type Host, pduOf, Rig, SOMEBODY } from "./rig.ts";

async function submitting(
  at: FaultPoint,
  action: FaultAction,
): Promise<{ rig: Rig; host: Host; prompt: string; answer: string }> {
  const rig = new Rig();
  const host = await rig.host();
  const { hex, tpduLength } = pduOf();
  rig.simulator.faults.arm({ at, action });
  const prompt = await host.command(`AT+CMGS=${tpduLength}`);
  const answer = host.closed ? "" : await host.type(`${hex}\x1a`);
  return { rig, host, prompt, answer };
}

describe("a submit that goes wrong", () => {
  test.each<[FaultPoint, FaultAction, string, string, number]>([
    ["answer", { kind: "drop-final" }, "\r\n> ", "\r\n+CMGS: 0\r\n", 1],
    ["answer", { kind: "drop-info" }, "\r\n> ", "\r\nOK\r\n", 1],
    ["answer", { kind: "drop-answer" }, "\r\n> ", "", 1],
    ["answer", { kind: "mute" }, "\r\n> ", "", 1],
    ["prompt", { kind: "drop-prompt" }, "", "\r\n+CMGS: 0\r\n\r\nOK\r\n", 1],
    ["submit", { kind: "refuse", cms: 38 }, "\r\n> ", "\r\n+CMS ERROR: 38\r\n", 0],
    ["submit", { kind: "reset" }, "\r\n> ", "", 0],
    ["submit", { kind: "mute" }, "\r\n> ", "", 0],
    ["submit", { kind: "unplug" }, "\r\n> ", "", 0],
    ["accepted", { kind: "accept-but-error", cms: 332 }, "\r\n> ", "\r\n+CMS ERROR: 332\r\n", 1],
    ["accepted", { kind: "reset" }, "\r\n> ", "", 1],
    ["accepted", { kind: "mute" }, "\r\n> ", "", 1],
    ["accepted", { kind: "unplug" }, "\r\n> ", "", 1],
    ["pdu", { kind: "reset" }, "\r\n> ", "", 0],
    ["pdu", { kind: "mute" }, "\r\n> ", "", 0],
    ["command", { kind: "mute" }, "", "", 0],
  ])("at %s: %o", async (at, action, prompt, answer, accepted) => {
    const result = await submitting(at, action);
    expect(result.prompt).toBe(prompt);
    expect(result.answer).toBe(answer);
    expect(result.rig.simulator.ledger.count).toBe(accepted);
  });

  test("refused at the command there is no prompt, with or without a code", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.faults.arm({ at: "command", command: "+CMGS", action: { kind: "refuse", cms: 302 } });
    rig.simulator.faults.arm({ at: "command", command: "+CMGS", action: { kind: "refuse" }, nth: 2 });
    expect(await host.command("AT+CSQ")).toContain("OK");
    expect(await host.command("AT+CMGS=20")).toBe("\r\n+CMS ERROR: 302\r\n");
    expect(await host.command("AT+CMGS=20")).toBe("\r\nERROR\r\n");
    expect(await host.submit(pduOf())).toContain("OK");
  });

  test("an answer that comes late comes after nothing else", async () => {
    const { rig, host, answer } = await submitting("answer", { kind: "delay-answer", ms: 40_000 });
    // The first answer in the way is that of AT+CMGS itself.
    expect(answer).toBe("");
    expect(rig.simulator.ledger.count).toBe(1);
    expect(await host.command("\x1b\rAT")).toBe("");
    await rig.clock.advance(40_000);
    expect(host.heard()).toBe("\r\n+CMGS: 0\r\n\r\nOK\r\n\r\nOK\r\n");
  });

  test("a modem that is mute for a while hears nothing said meanwhile", async () => {
    const { rig, host } = await submitting("command", { kind: "mute", ms: 5_000 });
    expect(await host.command("AT")).toBe("");
    await rig.clock.advance(5_000);
    expect(await host.command("AT")).toBe("\r\nOK\r\n");
  });

  test("unplugged at the prompt and plugged in again by itself", async () => {
    const { rig, host } = await submitting("prompt", { kind: "unplug", replugAfterMs: 10_000 });
    expect(host.closed).toBe("unplugged");
    await rig.clock.advance(15_000);
    const again = await rig.host();
    expect(await again.submit(pduOf())).toContain("+CMGS: 0");
  });

  test("a mute modem is cured by a restart", async () => {
    const { rig, host } = await submitting("answer", { kind: "mute" });
    await rig.clock.advance(3_600_000);
    expect(await host.command("AT")).toBe("");
    rig.modem().reset();
    await rig.clock.advance(5_000);
    expect(await host.command("ATE0")).toContain("OK");
  });
});

describe("reports that go wrong", () => {
  const count = (heard: string): number => heard.match(/\+CDS: /g)?.length ?? 0;

  async function reporting(action: FaultAction): Promise<{ rig: Rig; host: Host; answer: string }> {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CNMI=2,1,0,1,0");
    rig.simulator.faults.arm({ at: "report", action, recipient: SOMEBODY });
    return { rig, host, answer: await host.submit(pduOf({ statusReportRequest: true })) };
  }

  test("early: before the answer to the submit", async () => {
    const { answer } = await reporting({ kind: "early-report" });
    expect(answer.indexOf("+CDS:")).toBeGreaterThan(-1);
    expect(answer.indexOf("+CDS:")).toBeLessThan(answer.indexOf("+CMGS:"));
  });

  test("late, lost, twice", async () => {
    const late = await reporting({ kind: "delay-report", ms: 60_000 });
    expect(count(late.answer)).toBe(0);
    await late.rig.clock.advance(60_000);
    expect(count(late.host.heard())).toBe(1);
    const lost = await reporting({ kind: "lose-report" });
    await lost.rig.clock.advance(86_400_000);
    expect(count(lost.answer + lost.host.heard())).toBe(0);
    expect(count((await reporting({ kind: "duplicate-report", copies: 2 })).answer)).toBe(3);
  });

  test("intermediate first, then the real one", async () => {
    const { rig, host, answer } = await reporting({ kind: "intermediate-report", status: 0x30, ms: 1_000 });
    expect(answer).toMatch(/30\r\n$/);
    await rig.clock.advance(1_000);
    expect(host.heard()).toMatch(/00\r\n$/);
  });

  test("with another reference than the submit's", async () => {
    const { answer } = await reporting({ kind: "wrong-reference", by: 5 });
    expect(answer).toMatch(/\+CMGS: 0\r\n/);
    expect(reports(answer)).toMatchObject([{ messageReference: 5 }]);
  });

  test.each([
    ["international", "+4915112345678"],
    ["national", "015112345678"],
    ["short", "345678"],
  ] as const)("with the recipient in %s form", async (form, number) => {
    const { answer } = await reporting({ kind: "recipient-form", form });
    const [report] = reports(answer);
    expect(report && addressText(report.recipient)).toBe(number);
  });

  test("after the next one, or after a minute when none comes", async () => {
    const { rig, host, answer } = await reporting({ kind: "reorder-report" });
    expect(count(answer)).toBe(0);
    const next = reports(await host.submit(pduOf({ statusReportRequest: true })));
    expect(next.map(({ messageReference }) => messageReference)).toEqual([1, 0]);
    rig.simulator.faults.arm({ at: "report", action: { kind: "reorder-report" } });
    await host.submit(pduOf({ statusReportRequest: true }));
    await rig.clock.advance(59_999);
    expect(host.heard()).toBe("");
    await rig.clock.advance(1);
    expect(count(host.heard())).toBe(1);
  });

  test("with a status of one's choice", async () => {
    expect((await reporting({ kind: "report-status", status: 0x41 })).answer).toMatch(/41\r\n$/);
  });
});

describe("triggers", () => {
  async function refusals(rig: Rig, count: number): Promise<string> {
    const host = await rig.host();
    let pattern = "";
    for (let i = 0; i < count; i++) pattern += (await host.submit(pduOf())).includes("OK") ? "." : "x";
    return pattern;
  }
  const refuse = { kind: "refuse", cms: 42 } as const;

  test.each([
    [{}, "x........."],
    [{ nth: 3 }, "..x......."],
    [{ nth: 3, times: 2 }, "..xx......"],
    [{ every: 4 }, "...x...x.."],
    [{ every: 2, times: 2 }, ".x.x......"],
    [{ times: 3 }, "xxx......."],
    [{ modem: "modem1" }, ".........."],
    [{ modem: "modem0", nth: 2 }, ".x........"],
    [{ recipient: SOMEBODY, nth: 1 }, "x........."],
    [{ recipient: "/^\\+49151/", every: 5 }, "....x....x"],
    [{ recipient: "+49" }, ".........."],
    [{ probability: 1 }, "xxxxxxxxxx"],
    [{ probability: 0 }, ".........."],
  ])("%o", async (trigger, pattern) => {
    const rig = new Rig({ faults: [{ at: "submit", action: refuse, ...trigger }] });
    expect(await refusals(rig, 10)).toBe(pattern);
  });

  test("by the text of the message", async () => {
    const rig = new Rig({
      faults: [{ at: "submit", action: { kind: "refuse", cms: 21 }, content: "win|free", every: 1 }],
    });
    const host = await rig.host();
    expect(await host.submit(pduOf({ text: "You win a prize" }))).toContain("+CMS ERROR: 21");
    expect(await host.submit(pduOf({ text: "Invoice 7" }))).toContain("OK");
  });

  test("by the rate of messages", async () => {
    const rig = new Rig({ faults: [{ at: "submit", action: refuse, rate: { count: 2, withinMs: 10_000 } }] });
    const host = await rig.host();
    let pattern = "";
    for (let i = 0; i < 6; i++) {
      if (i === 4) await rig.clock.advance(10_000);
      pattern += (await host.submit(pduOf())).includes("OK") ? "." : "x";
    }
    expect(pattern).toBe("..xx..");
  });

  test("only within a window of time", async () => {
    const rig = new Rig({
      faults: [{ at: "submit", action: refuse, every: 1, fromMs: 1_000, untilMs: 2_000 }],
    });
    const host = await rig.host();
    let pattern = "";
    for (let i = 0; i < 4; i++) {
      pattern += (await host.submit(pduOf())).includes("OK") ? "." : "x";
      await rig.clock.advance(700);
    }
    expect(pattern).toBe("..x.");
  });

  test("one of several codes", async () => {
    const cms = [8, 41, 127];
    const rig = new Rig({ faults: [{ at: "submit", action: { kind: "refuse", cms }, every: 1 }] });
    const host = await rig.host();
    const seen = new Set<string>();
    for (let i = 0; i < 30; i++) seen.add((await host.submit(pduOf())).trim());
    expect([...seen].sort()).toEqual(["+CMS ERROR: 127", "+CMS ERROR: 41", "+CMS ERROR: 8"]);
  });

  test("chance repeats with its seed", async () => {
    const faults = [{ at: "submit", action: refuse, probability: 0.5 }] as const;
    const pattern = await refusals(new Rig({ faults, seed: 9 }), 20);
    expect(await refusals(new Rig({ faults, seed: 9 }), 20)).toBe(pattern);
    expect(pattern).toMatch(/x/);
    expect(pattern).toMatch(/\./);
  });

  test("are listed with what they have seen and done, and can be disarmed", async () => {
    const rig = new Rig();
    const { faults } = rig.simulator;
    const id = faults.arm({ at: "submit", action: refuse, every: 2 });
    await refusals(rig, 5);
    expect(faults.list()).toEqual([{ id, at: "submit", action: refuse, every: 2, seen: 5, fired: 2 }]);
    expect(faults.disarm(id)).toBe(true);
    expect(faults.disarm(id)).toBe(false);
    expect(faults.active).toBe(false);
  });

  test("what cannot happen there is refused with what can", () => {
    const { faults } = new Rig().simulator;
    expect(() => faults.arm({ at: "prompt", action: { kind: "drop-final" } })).toThrow(
      '"drop-final" cannot happen at "prompt"; possible: drop-prompt, delay-prompt, mute, hang, reset, unplug',
    );
    expect(() => faults.arm({ at: "submit", action: refuse, recipient: "/(/" })).toThrow(
      "regular expression",
    );
  });
});

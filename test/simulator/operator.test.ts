/** An operator that slows down, drops, filters and bans. */
import { describe, expect, test } from "vitest";
import type { OperatorRules } from "#hardware/simulator/network/operator.ts";
import { type Host, pduOf, Rig } from "./rig.ts";

async function under(rules: OperatorRules): Promise<{ rig: Rig; host: Host; send: Send }> {
  const rig = new Rig();
  const host = await rig.host();
  rig.simulator.network.operator.impose(rules);
  const send: Send = async (count, message = () => ({})) => {
    let pattern = "";
    for (let i = 0; i < count; i++) {
      const answer = await host.submit(pduOf(message(i)));
      pattern += answer.includes("OK") ? "." : `[${/ERROR: (\d+)/.exec(answer)?.[1]}]`;
    }
    return pattern;
  };
  return { rig, host, send };
}
type Send = (count: number, message?: (i: number) => { to?: string; text?: string }) => Promise<string>;

describe("an operator", () => {
  test("lets a burst pass, then refills with time", async () => {
    const { rig, send } = await under({ perMinute: 6, burst: 3, over: [42] });
    expect(await send(5)).toBe("...[42][42]");
    await rig.clock.advance(10_000);
    expect(await send(2)).toBe(".[42]");
    await rig.clock.advance(3_600_000);
    expect(await send(4)).toBe("...[42]");
    expect(rig.simulator.ledger.count).toBe(7);
  });

  test("refuses with one of 42, 38 and 41 when nothing else is said", async () => {
    const { send } = await under({ perDay: 1 });
    expect(new Set((await send(40)).match(/\d+/g))).toEqual(new Set(["38", "41", "42"]));
  });

  test("drops without a word: accepted, never delivered, never reported", async () => {
    const { rig, host, send } = await under({ perDay: 1, over: "drop" });
    await host.command("AT+CNMI=2,1,0,1,0");
    rig.simulator.handset("+4915112345678");
    expect(await send(3)).toBe("...");
    expect(rig.simulator.ledger.count).toBe(3);
    expect(rig.simulator.handset("+4915112345678").received).toHaveLength(1);
    const answer = await host.submit(pduOf({ statusReportRequest: true }));
    await rig.clock.advance(7_200_000);
    expect(answer + host.heard()).not.toContain("+CDS");
  });

  test("counts days and recipients", async () => {
    const { rig, send } = await under({ recipientsPerDay: 2, over: [50] });
    const to = (i: number): { to: string } => ({ to: `+491511234567${i % 3}` });
    expect(await send(6, to)).toBe("..[50]..[50]");
    await rig.clock.advance(86_400_000);
    expect(await send(3, to)).toBe("..[50]");
  });

  test("filters texts with 21", async () => {
    const { send } = await under({ filter: "casino" });
    expect(await send(3, (i) => ({ text: i === 1 ? "CASINO!" : "Invoice" }))).toBe(".[21].");
  });

  test("bans after so many beyond the limit, and lifts the ban", async () => {
    const { rig, send } = await under({
      perMinute: 60,
      burst: 2,
      over: [42],
      banAfter: 2,
      liftAfterMs: 600_000,
    });
    expect(await send(4)).toBe("..[42][42]");
    await rig.clock.advance(60_000);
    expect(await send(1)).toBe("[42]");
    await rig.clock.advance(540_000);
    expect(await send(2)).toBe("..");
  });

  test("a ban of one who was dropped shows as 8, and can be lifted by hand", async () => {
    const { rig, send } = await under({ perDay: 1, over: "drop", banAfter: 1 });
    expect(await send(3)).toBe("..[8]");
    rig.simulator.network.operator.lift(rig.modem().modem.sim?.imsi ?? "");
    expect(await send(1)).toBe(".");
  });

  test("knows a SIM without credit", async () => {
    const { rig, send } = await under({ noCredit: true });
    expect(new Set((await send(40)).match(/\d+/g))).toEqual(new Set(["8", "41", "127"]));
    expect(rig.simulator.ledger.count).toBe(0);
    rig.simulator.network.operator.impose(undefined);
    expect(await send(1)).toBe(".");
  });
});

/** Power, port and network registration: what a restart takes away and in which order it comes back. */
import { describe, expect, test } from "vitest";
import { type Host, pduOf, Rig } from "./rig.ts";

async function bootLines(rig: Rig, host: Host, ms: number): Promise<readonly string[]> {
  await rig.clock.advance(ms);
  return host
    .heard()
    .split("\r\n")
    .filter((line) => line !== "");
}

describe("a restart", () => {
  test("of a USB modem takes the port away, and the boot lines come with the new one", async () => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const host = await rig.host();
    await host.command("AT+CNMI=2,2,0,1,0");
    expect(await host.command("AT+CFUN=1,1")).toBe("\r\nOK\r\n");
    await rig.clock.advance(500);
    expect(host.closed).toBe("unplugged");
    await expect(rig.host()).rejects.toMatchObject({ code: "missing" });
    await rig.clock.advance(4_000);
    const again = await rig.host(0, { raw: true });
    expect(await bootLines(rig, again, 8_000)).toEqual([
      "RDY",
      "+CFUN: 1",
      "+CPIN: READY",
      "+QUSIM: 1",
      "+QIND: SMS DONE",
      "+QIND: PB DONE",
    ]);
    // Everything that commands had set is forgotten: echo is back too.
    expect(await again.command("AT+CNMI?")).toBe("AT+CNMI?\r\r\n+CNMI: 2,1,0,0,0\r\n\r\nOK\r\n");
  });

  test("of a module on a UART leaves the port and shows busy windows", async () => {
    const rig = new Rig({ profile: "simcom-sim800" });
    const host = await rig.host();
    rig.modem().reset();
    expect(host.closed).toBeUndefined();
    await host.command("ATE0");
    expect(await host.command("AT+CPIN?")).toBe("\r\n+CME ERROR: 14\r\n");
    await rig.clock.advance(3_000);
    expect(host.heard()).toContain("RDY");
    expect(await host.command("AT+CPIN?")).toContain("READY");
    expect(await host.command("AT+CPMS?")).toBe("\r\n+CMS ERROR: 517\r\n");
    await rig.clock.advance(4_000);
    expect(host.heard()).toContain("SMS Ready");
    expect(await host.submit(pduOf())).toContain("OK");
  });

  test("with a locked SIM says so and holds back what needs it", async () => {
    const rig = new Rig({ modems: [{ profile: "simcom-sim800", sim: { pin: "1234" } }] });
    const host = await rig.host();
    rig.modem().reset();
    expect(await bootLines(rig, host, 20_000)).toEqual(["RDY", "+CFUN: 1", "+CPIN: SIM PIN"]);
    await host.command("ATE0");
    await host.command('AT+CPIN="1234"');
    expect(await bootLines(rig, host, 20_000)).toEqual(["Call Ready", "SMS Ready"]);
  });

  test("keeps messages and the SIM's reference", async () => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const host = await rig.host();
    await host.submit(pduOf());
    rig.simulator.network.sendToSim({ from: "1", to: "+4915100000001", text: "kept" });
    rig.modem().reset();
    await rig.clock.advance(12_000);
    const again = await rig.host();
    expect(await again.lines("AT+CMGL=4")).toHaveLength(3);
    expect(await again.submit(pduOf())).toContain("+CMGS: 1");
  });

  test("while the network has not answered: before acceptance nothing was sent, after it the answer is lost", async () => {
    for (const [afterMs, accepted] of [
      [600, 0],
      [800, 1],
    ] as const) {
      const rig = new Rig({ network: { latency: 1_000 } });
      const host = await rig.host();
      await host.submit(pduOf());
      await rig.clock.advance(afterMs);
      rig.modem().reset();
      await rig.clock.advance(10_000);
      expect(rig.simulator.ledger.count).toBe(accepted);
      expect(host.heard()).toBe("");
    }
  });

  test.each([
    ["huawei-e173", "AT^RESET"],
    ["huawei-e173", "AT+CFUN=16"],
    ["simcom-sim800", "AT+CRESET"],
  ])("%s has %s too", async (profile, command) => {
    const rig = new Rig({ profile });
    const host = await rig.host();
    expect(await host.command(command)).toBe("\r\nOK\r\n");
    await rig.clock.advance(500);
    expect(rig.modem().modem.power.ready.sim).toBe(false);
  });
});

describe("unplug", () => {
  test("closes the port at once and for good until it is plugged in again", async () => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const host = await rig.host();
    rig.modem().unplug();
    await rig.clock.advance(60_000);
    expect(host.closed).toBe("unplugged");
    await expect(rig.host()).rejects.toMatchObject({ code: "missing" });
    rig.modem().replug();
    const again = await rig.host();
    expect(await again.command("AT+CPIN?")).toContain("+CME ERROR: 14");
    await rig.clock.advance(8_000);
    again.heard();
    expect(await again.submit(pduOf())).toContain("OK");
  });

  test("AT+QPOWD says goodbye first", async () => {
    const rig = new Rig({ profile: "quectel-ec25" });
    const host = await rig.host();
    expect(await host.command("AT+QPOWD=1")).toBe("\r\nOK\r\n");
    await rig.clock.advance(1_000);
    expect(host.heard()).toBe("\r\nPOWERED DOWN\r\n");
    expect(host.closed).toBe("unplugged");
  });
});

describe("AT+CFUN", () => {
  test("4 leaves the network and 1 comes back", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CREG=1");
    expect(await host.command("AT+CFUN=4")).toContain("+CREG: 0");
    expect(await host.command("AT+CFUN?")).toContain("+CFUN: 4");
    expect(await host.command("AT+CMGS=20")).toBe("\r\n+CMS ERROR: 331\r\n");
    expect(await host.command("AT+CPIN?")).toContain("READY");
    expect(await host.command("AT+CFUN=1")).toContain("+CREG: 1");
    expect(await host.submit(pduOf())).toContain("OK");
  });

  test("0 takes the SIM away too", async () => {
    const host = await new Rig().host();
    await host.command("AT+CFUN=0");
    expect(await host.command("AT+CPIN?")).toBe("\r\n+CME ERROR: 13\r\n");
    expect(await host.command("AT+CMGS=20")).toBe("\r\n+CMS ERROR: 313\r\n");
    expect(await host.command("AT+CFUN=9")).toBe("\r\n+CME ERROR: 50\r\n");
  });
});

describe("registration", () => {
  test.each([
    [0, "+CREG: 0,1", ""],
    [1, "+CREG: 1,1", "\r\n+CREG: 5\r\n"],
    [2, '+CREG: 2,1,"CE00","1CEAD8F",2', '\r\n+CREG: 5,"CE00","1CEAD8F",2\r\n'],
  ])("level %i answers and announces so", async (level, answer, line) => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command(`AT+CREG=${level}`);
    expect(await host.lines("AT+CREG?")).toEqual([answer, "OK"]);
    rig.modem().modem.radio.register(5);
    await rig.clock.advance(0);
    expect(host.heard()).toBe(line);
  });

  test("each domain has its own command; families differ in which they have", async () => {
    const strict = await new Rig().host();
    expect(await strict.command("AT+CREG?;+CGREG?;+CEREG?")).toContain("+CEREG: 0,1");
    const sim800 = await new Rig({ profile: "simcom-sim800" }).host();
    expect(await sim800.command("AT+CEREG?")).toBe("\r\nERROR\r\n");
  });

  test("Huawei spells cells without quotes", async () => {
    const host = await new Rig({ profile: "huawei-e173" }).host();
    await host.command("AT+CREG=2");
    expect(await host.command("AT+CREG?")).toContain("+CREG: 2,1,CE00,1CEAD8F\r\n");
  });

  test("signal and operator follow it", async () => {
    const rig = new Rig({ network: { operator: "Testnetz", plmn: "26299" } });
    const host = await rig.host();
    rig.modem().modem.radio.signal = 7;
    expect(await host.command("AT+CSQ")).toContain("+CSQ: 7,99");
    expect(await host.command("AT+CESQ")).toContain("+CESQ: 99,99,255,255,20,22");
    expect(await host.command("AT+COPS?")).toContain('+COPS: 0,0,"Testnetz",2');
    expect(await host.command("AT+COPS=3,2;+COPS?")).toContain('+COPS: 0,2,"26299",2');
    expect(await host.command("AT+COPS=2")).toContain("OK");
    expect(await host.command("AT+CSQ;+COPS?")).toBe("\r\n+CSQ: 99,99\r\n\r\n+COPS: 0\r\n\r\nOK\r\n");
    expect(await host.command("AT+COPS=0;+CREG?")).toContain("+CREG: 0,1");
  });

  test("SMS-only registration is enough to send", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().modem.radio.register(6);
    expect(await host.submit(pduOf())).toContain("OK");
    rig.modem().modem.radio.register(3);
    expect(await host.command("AT+CMGS=20")).toContain("331");
  });
});

describe("the clock", () => {
  test("shows local time with its zone and rolls over the year", async () => {
    const rig = new Rig();
    const host = await rig.host();
    expect(await host.command("AT+CCLK?")).toContain('+CCLK: "26/01/05,10:00:00+04"');
    await host.command('AT+CCLK="26/12/31,23:59:58-08"');
    await rig.clock.advance(2_000);
    expect(await host.command("AT+CCLK?")).toContain('+CCLK: "27/01/01,00:00:00-08"');
    expect(await host.command('AT+CCLK="nonsense"')).toContain("ERROR");
  });

  test("follows the network into summer time", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CTZR=1");
    rig.modem().modem.time.take(8);
    await rig.clock.advance(0);
    expect(host.heard()).toBe('\r\n+CTZV: "+08"\r\n');
    expect(await host.command("AT+CCLK?")).toContain('"26/01/05,11:00:00+08"');
  });
});

describe("calls and USSD", () => {
  test("a caller rings until the host hangs up or patience ends", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CLIP=1");
    rig.modem().modem.calls.ring("+49301234567", 3);
    await rig.clock.advance(4_000);
    expect(host.heard().match(/RING\r\n\r\n\+CLIP: "\+49301234567",145,"",0,"",0/g)).toHaveLength(2);
    expect(await host.command("AT+CHUP")).toBe("\r\nNO CARRIER\r\n\r\nOK\r\n");
    await rig.clock.advance(10_000);
    expect(host.heard()).toBe("");
    rig.modem().modem.calls.ring("030", 1);
    await rig.clock.advance(4_000);
    expect(host.heard()).toContain("NO CARRIER");
  });

  test("Huawei ends calls in its own words", async () => {
    const rig = new Rig({ profile: "huawei-e173" });
    const host = await rig.host();
    await host.command("AT^CURC=0");
    rig.modem().modem.calls.ring("030");
    expect(await host.command("ATH")).toContain("^CEND:1,5,29,16");
  });

  test("a menu asks and is answered", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.simulator.network.ussd = { "*101#": { text: "1 Balance", answers: { "1": "12.50" } } };
    expect(await host.command('AT+CUSD=1,"*101#",15')).toBe("\r\nOK\r\n");
    await rig.clock.advance(1_500);
    expect(host.heard()).toBe('\r\n+CUSD: 1,"1 Balance",15\r\n');
    await host.command('AT+CUSD=1,"1",15');
    await rig.clock.advance(1_500);
    expect(host.heard()).toBe('\r\n+CUSD: 0,"12.50",15\r\n');
    await host.command('AT+CUSD=1,"*999#",15');
    await rig.clock.advance(1_500);
    expect(host.heard()).toBe("\r\n+CUSD: 4\r\n");
  });

  test("Huawei packs the text both ways", async () => {
    const rig = new Rig({ profile: "huawei-e173" });
    const host = await rig.host();
    await host.command("AT^CURC=0");
    // "*100#" in 7-bit octets (23.038 6.1.2.3.1).
    await host.command("AT+CUSD=1,AA180C3602");
    await rig.clock.advance(1_500);
    expect(host.heard()).toMatch(/^\r\n\+CUSD: 0,[0-9A-F]+\r\n$/);
  });
});

test("noise comes by itself and stops when asked to", async () => {
  const rig = new Rig({ profile: "huawei-e173" });
  const host = await rig.host();
  await rig.clock.advance(20_000);
  expect(host.heard().match(/\r\n\^[A-Z]+:/g)).toHaveLength(10);
  expect(await host.command("AT^CURC=0")).toBe("\r\nOK\r\n");
  await rig.clock.advance(20_000);
  expect(host.heard()).toBe("");
});

test("a simulator that stops leaves no timer behind", async () => {
  const rig = new Rig({ profile: "huawei-e173", network: { latency: 5_000 } });
  const host = await rig.host();
  await host.submit(pduOf());
  rig.simulator.stop();
  expect(rig.clock.nextTimerMs()).toBeUndefined();
});

/** Dunlin's own driver on the simulator, family by family: the two were written apart and must meet. */
import { describe, expect, test } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import { PROFILE_NAMES } from "#hardware/simulator/profiles/profiles.ts";
import { advanceUntil, type ModemRig, modemRig } from "#test/support/modem-rig.ts";
import { pduOf, pdusOf, Rig, type RigOptions } from "./rig.ts";

interface Meeting {
  readonly rig: Rig;
  readonly driver: ModemRig;
}

async function meeting(profile: string, options: RigOptions & { pin?: string } = {}): Promise<Meeting> {
  const { pin, ...rest } = options;
  const rig = new Rig({ modems: [{ profile, ...(pin && { sim: { pin } }) }], chunked: true, ...rest });
  const settings = pin === undefined ? {} : { pin };
  const driver = modemRig(rig.modem().open, { clock: rig.clock, settings });
  await driver.until("ready");
  return { rig, driver };
}

describe.each(PROFILE_NAMES)("%s", (profile) => {
  test("is recognised: identity, SIM, registration, signal", async () => {
    const { rig, driver } = await meeting(profile);
    const { imei, modem } = rig.modem();
    expect(driver.modem.status).toMatchObject({
      state: "ready",
      modem: { imei },
      sim: { imsi: modem.sim?.imsi, iccid: modem.sim?.iccid },
      registration: "home",
    });
    await advanceUntil(
      rig.clock,
      () => driver.modem.status.signalDbm === -73,
      300_000,
      () => "no signal",
    );
    await driver.modem.stop();
  });

  test("sends a message, brings its report and an incoming one", async () => {
    const { rig, driver } = await meeting(profile, { network: { latency: 2_000, reportDelay: 3_000 } });
    for (const [part, pdu] of pdusOf({ text: "x".repeat(400), statusReportRequest: true }).entries()) {
      const submitted = driver.modem.submit(pdu);
      await rig.clock.advance(4_000);
      expect(await submitted).toEqual({ kind: "accepted", messageReference: part });
    }
    await advanceUntil(
      rig.clock,
      () => driver.reports.length === 3,
      120_000,
      () => "no reports",
    );
    const references = driver.reports.map(({ hex }) => {
      const report = decodePdu(hex, { direction: "mt" });
      return report.kind === "status-report" ? report.messageReference : undefined;
    });
    expect(references).toEqual([0, 1, 2]);
    rig.simulator.network.sendToSim({ from: "+49177", to: "+4915100000001", text: "ж".repeat(100) });
    await advanceUntil(
      rig.clock,
      () => driver.delivered.length === 2,
      120_000,
      () => "nothing delivered",
    );
    expect(rig.simulator.ledger.count).toBe(3);
    // What is safe with the host is deleted from the modem.
    await rig.clock.advance(5_000);
    const { memories } = rig.modem().modem;
    expect(memories.used("MT") + memories.used("SR")).toBe(0);
    await driver.modem.stop();
  });

  test("is unlocked by its PIN, and a wrong one is tried once", async () => {
    const { rig, driver } = await meeting(profile, { pin: "1234" });
    expect(rig.modem().modem.sim?.pinTries).toBe(3);
    await driver.modem.stop();
    const locked = new Rig({ modems: [{ profile, sim: { pin: "1234" } }] });
    const wrong = modemRig(locked.modem().open, { clock: locked.clock, settings: { pin: "9999" } });
    await wrong.until("sim-blocked");
    await locked.clock.advance(3_600_000);
    expect(locked.modem().modem.sim?.pinTries).toBe(2);
    await wrong.modem.stop();
  });

  test("is found again after an unplug and a restart", async () => {
    const { rig, driver } = await meeting(profile);
    rig.modem().unplug();
    await driver.until("absent");
    rig.modem().replug();
    await driver.until("ready");
    // A module on a UART may restart without a word: the driver's own rounds must find it out.
    rig.modem().reset();
    await rig.clock.advance(300_000);
    await driver.until("ready", 600_000);
    const submitted = driver.modem.submit(pduOf({ statusReportRequest: true }));
    await rig.clock.advance(1_000);
    expect((await submitted).kind).toBe("accepted");
    rig.simulator.network.sendToSim({ from: "+49177", to: "+4915100000001", text: "after" });
    const arrived = (): boolean => driver.delivered.length === 1 && driver.reports.length === 1;
    await advanceUntil(
      rig.clock,
      arrived,
      120_000,
      () => `${driver.delivered.length} messages, ${driver.reports.length} reports`,
    );
    await driver.modem.stop();
  });

  test("an answer that is lost leaves the driver not knowing, and the ledger with one copy", async () => {
    const { rig, driver } = await meeting(profile);
    rig.simulator.faults.arm({ at: "answer", command: "+CMGS", action: { kind: "drop-answer" } });
    const submitted = driver.modem.submit(pduOf());
    await rig.clock.advance(200_000);
    expect((await submitted).kind).toBe("unknown");
    expect(rig.simulator.ledger.count).toBe(1);
    await driver.until("ready", 300_000);
    const again = driver.modem.submit(pduOf());
    await rig.clock.advance(1_000);
    expect(await again).toMatchObject({ kind: "accepted", messageReference: 1 });
    await driver.modem.stop();
  });

  test("a lost prompt is proof that nothing was sent", async () => {
    const { rig, driver } = await meeting(profile);
    rig.simulator.faults.arm({ at: "prompt", action: { kind: "drop-prompt" } });
    const submitted = driver.modem.submit(pduOf());
    await rig.clock.advance(30_000);
    expect((await submitted).kind).toBe("not-sent");
    expect(rig.simulator.ledger.count).toBe(0);
    await driver.until("ready", 300_000);
    await driver.modem.stop();
  });
});

/** Dunlin's driver while the world around its modem changes: SIM, memory, reports, network. */
import { describe, expect, test } from "vitest";
import { decodePdu } from "#hardware/pdu/decode.ts";
import type { FaultAction, LifeAction, WorldAction } from "#hardware/simulator/faults/actions.ts";
import { PROFILE_NAMES } from "#hardware/simulator/profiles/profiles.ts";
import { advanceUntil, type ModemRig, modemRig } from "#test/support/modem-rig.ts";
import { pduOf, Rig } from "./rig.ts";

async function meeting(profile: string): Promise<{ rig: Rig; driver: ModemRig }> {
  const rig = new Rig({ modems: [{ profile }], chunked: true });
  const driver = modemRig(rig.modem().open, { clock: rig.clock });
  await driver.until("ready");
  return { rig, driver };
}

async function sends(rig: Rig, driver: ModemRig): Promise<void> {
  const submitted = driver.modem.submit(pduOf({ statusReportRequest: true }));
  await rig.clock.advance(5_000);
  expect(await submitted).toMatchObject({ kind: "accepted" });
}

const PASSING: readonly (LifeAction | WorldAction)[] = [
  { kind: "registration", stat: 2, forMs: 120_000 },
  { kind: "sim-out", forMs: 60_000 },
  { kind: "sim-busy", forMs: 30_000 },
  { kind: "echo-on" },
  { kind: "noise", everyMs: 200, forMs: 60_000 },
  { kind: "brown-out", times: 3, everyMs: 15_000 },
  { kind: "unplug", replugAfterMs: 30_000, deafMs: 20_000 },
  { kind: "mute", ms: 90_000 },
];

describe.each(PROFILE_NAMES)("%s", (profile) => {
  test.each(PASSING)("survives %o", async (action) => {
    const { rig, driver } = await meeting(profile);
    rig.modem().strike(action);
    await rig.clock.advance(600_000);
    await driver.until("ready", 7_200_000);
    await sends(rig, driver);
    await driver.modem.stop();
  });

  test.each([false, true])("notices another SIM; without a word from the modem: %s", async (silent) => {
    const { rig, driver } = await meeting(profile);
    const before = driver.modem.status.sim?.imsi;
    rig.modem().strike({ kind: "sim-swap", silent });
    await rig.clock.advance(600_000);
    await driver.until("ready", 7_200_000);
    expect(driver.modem.status.sim?.imsi).toBe(rig.modem().modem.sim?.imsi);
    expect(driver.modem.status.sim?.imsi).not.toBe(before);
    await driver.modem.stop();
  });

  test.each<[FaultAction, number]>([
    [{ kind: "early-report" }, 1],
    [{ kind: "duplicate-report" }, 2],
    [{ kind: "intermediate-report", ms: 2_000 }, 2],
    [{ kind: "recipient-form", form: "national" }, 1],
    [{ kind: "reorder-report" }, 1],
    [{ kind: "lose-report" }, 0],
  ])("brings reports as they come: %o", async (action, count) => {
    const { rig, driver } = await meeting(profile);
    rig.simulator.faults.arm({ at: "report", action });
    await sends(rig, driver);
    const enough = (): boolean => rig.clock.monotonic() > 400_000;
    await advanceUntil(rig.clock, enough, 500_000, () => "time stands still");
    const kinds = driver.reports.map(({ hex }) => decodePdu(hex, { direction: "mt" }).kind);
    expect(kinds).toEqual(Array.from({ length: count }, () => "status-report"));
    await driver.modem.stop();
  });

  test("empties a full memory, and what waited comes in", async () => {
    const { rig, driver } = await meeting(profile);
    const storage = rig.modem().modem.settings.storages[2] === "ME" ? "ME" : "SM";
    rig.modem().strike({ kind: "fill-storage", storage });
    rig.simulator.network.sendToSim({ from: "+49177", to: "+4915100000001", text: "the last one" });
    await rig.clock.advance(600_000);
    expect(driver.delivered.map(({ hex }) => decodePdu(hex, { direction: "mt" }))).toContainEqual(
      expect.objectContaining({ userData: expect.objectContaining({ text: "the last one" }) }),
    );
    expect(rig.modem().modem.memories.used(storage)).toBe(0);
    await driver.modem.stop();
  });
});

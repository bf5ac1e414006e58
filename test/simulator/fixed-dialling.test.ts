/** A card that lets only its own numbers be written to. */
import { describe, expect, test } from "vitest";
import { modemRig } from "#test/support/modem-rig.ts";
import { pduOf, Rig, SOMEBODY } from "./rig.ts";

const OTHER = "+491739999999";
const modems = (profile: string): readonly { profile: string; sim: object }[] => [
  { profile, sim: { fixedDialling: ["+49151", "110"], pin2: "4321" } },
];

test.each([
  ["generic-strict", 317],
  ["wavecom-q2", 531],
])("%s: a number that is not on the list is CMS %i, and no reference is used up", async (profile, code) => {
  const rig = new Rig({ modems: modems(profile) });
  const host = await rig.host();
  expect(await host.submit(pduOf({ to: OTHER }))).toContain(`+CMS ERROR: ${code}`);
  expect(await host.submit(pduOf({ to: SOMEBODY }))).toContain("+CMGS: 0");
  expect(rig.simulator.ledger.entries().map(({ destination }) => destination)).toEqual([SOMEBODY]);
});

describe("switching it", () => {
  test("wants PIN2, which has its own three tries; the numbers stay on the card", async () => {
    const rig = new Rig({ modems: modems("generic-strict") });
    const host = await rig.host();
    expect(await host.command('AT+CLCK="FD",2')).toContain("+CLCK: 1");
    expect(await host.command('AT+CLCK="FD",0,"0000"')).toContain("+CME ERROR: 16");
    expect(await host.command('AT+CLCK="FD",0,"4321"')).toContain("OK");
    expect(await host.submit(pduOf({ to: OTHER }))).toContain("+CMGS: 0");
    expect(await host.command('AT+CLCK="FD",1,"4321"')).toContain("OK");
    expect(await host.submit(pduOf({ to: OTHER }))).toContain("317");
    expect(await host.submit(pduOf())).toContain("+CMGS: 1");
    for (const word of ["16", "16", "18", "18"])
      expect(await host.command('AT+CLCK="FD",0,"0000"')).toContain(`+CME ERROR: ${word}`);
    expect(await host.command('AT+CLCK="FD",0,"4321"')).toContain("+CME ERROR: 18");
  });

  test("as a fault, and back", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike({ kind: "fixed-dialling", numbers: ["+49171"] });
    expect(await host.submit(pduOf())).toContain("317");
    rig.modem().strike({ kind: "fixed-dialling", numbers: null });
    expect(await host.submit(pduOf())).toContain("OK");
  });
});

test.each(["generic-strict", "wavecom-q2"])("%s: the driver knows that nothing was sent", async (profile) => {
  const rig = new Rig({ modems: modems(profile) });
  const driver = modemRig(rig.modem().open, { clock: rig.clock });
  await driver.until("ready");
  expect(await driver.modem.submit(pduOf({ to: OTHER }))).toMatchObject({ kind: "refused" });
  expect(rig.simulator.ledger.count).toBe(0);
  await driver.modem.stop();
});

/** What a modem says when its network tells the time, family by family. */
import { describe, expect, test } from "vitest";
import { PROFILE_NAMES } from "#hardware/simulator/profiles/profiles.ts";
import { modemRig } from "#test/support/modem-rig.ts";
import { Rig } from "./rig.ts";

const TO_SUMMER = { kind: "time-zone", quarters: 8, daylightHours: 1 } as const;

/** Local time as AT+CCLK has it, in the forms of the lines. */
async function local(host: { command(line: string): Promise<string> }): Promise<RegExpExecArray> {
  const match = /\+CCLK: "(\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)([+-]\d\d)"/.exec(
    await host.command("AT+CCLK?"),
  );
  if (match === null) throw new Error("no clock");
  return match;
}

describe("27.007 8.41", () => {
  test.each(PROFILE_NAMES)("%s: +CTZV, and +CTZE with the time", async (profile) => {
    const rig = new Rig({ profile });
    const host = await rig.host();
    await host.command("AT^CURC=0");
    expect(await host.command("AT+CTZR=1")).toContain("OK");
    host.heard();
    rig.modem().strike(TO_SUMMER);
    await rig.clock.advance(0);
    expect(host.heard()).toBe('\r\n+CTZV: "+08"\r\n');
    await host.command("AT+CTZR=2");
    rig.modem().strike({ kind: "time-zone", quarters: -20 });
    await rig.clock.advance(0);
    const heard = host.heard();
    const [, yy, MM, dd, hh, mm, ss] = await local(host);
    expect(heard).toBe(`\r\n+CTZE: "-20",0,"20${yy}/${MM}/${dd},${hh}:${mm}:${ss}"\r\n`);
  });

  test("nothing while nobody asked, and nothing when the zone is the same", async () => {
    const rig = new Rig();
    const host = await rig.host();
    rig.modem().strike(TO_SUMMER);
    await host.command("AT+CTZR=1");
    rig.modem().strike(TO_SUMMER);
    await rig.clock.advance(0);
    expect(host.heard()).toBe("");
    expect((await local(host))[7]).toBe("+08");
  });

  test("also when it registers", async () => {
    const rig = new Rig();
    const host = await rig.host();
    await host.command("AT+CTZR=1");
    rig.modem().strike({ kind: "registration", stat: 2, forMs: 5_000 });
    await rig.clock.advance(5_000);
    expect(host.heard()).toContain('+CTZV: "+04"');
  });
});

describe("in the family's own words", () => {
  test.each([
    ["huawei-e173", undefined, /^\^NWTIME: (\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)\+08,01$/],
    ["simcom-sim800", "AT+CLTS=1", /^\*PSUTTZ: (\d{4}),(\d+),(\d+),(\d+),(\d+),(\d+),"\+08",1$/],
    ["telit-le910", "AT#NITZ=1", /^#NITZ: (\d\d)\/(\d\d)\/(\d\d),(\d\d):(\d\d):(\d\d)\+08,1$/],
  ] as const)("%s", async (profile, command, form) => {
    const rig = new Rig({ profile });
    const host = await rig.host();
    rig.modem().strike({ kind: "time-zone", quarters: 4, daylightHours: 1 });
    await rig.clock.advance(0);
    if (command !== undefined) {
      expect(host.heard()).toBe("");
      expect(await host.command(command)).toContain("OK");
    }
    host.heard();
    rig.modem().strike(TO_SUMMER);
    await rig.clock.advance(0);
    const lines = host.heard().split("\r\n");
    const said = lines.map((line) => form.exec(line)).find((match) => match !== null);
    const clock = (await local(host)).slice(1, 7).map(Number);
    expect(said?.slice(1, 7).map((field) => Number(field) % 2_000)).toEqual(clock);
    if (profile === "simcom-sim800") expect(lines).toContain("DST: 1");
  });

  test("AT^CURC=0 ends that of Huawei", async () => {
    const rig = new Rig({ profile: "huawei-e173" });
    const host = await rig.host();
    await host.command("AT^CURC=0");
    host.heard();
    rig.modem().strike(TO_SUMMER);
    await rig.clock.advance(0);
    expect(host.heard()).toBe("");
  });
});

test.each(PROFILE_NAMES)("%s: to the driver it is noise", async (profile) => {
  const rig = new Rig({ profile });
  const driver = modemRig(rig.modem().open, { clock: rig.clock });
  await driver.until("ready");
  rig.modem().modem.settings.timeZoneCodes = 2;
  rig.modem().modem.settings.networkTime = true;
  for (const quarters of [8, 4, -20]) rig.modem().strike({ kind: "time-zone", quarters, daylightHours: 1 });
  await rig.clock.advance(1_000);
  expect(driver.modem.status).toMatchObject({ state: "ready", session: 1 });
  await driver.modem.stop();
});

/** Each family's own spelling (field notes 7.4), read from its port. */
import { describe, expect, test } from "vitest";
import { PROFILES, profileNamed } from "#hardware/simulator/profiles/profiles.ts";
import { Rig } from "./rig.ts";

const ANSWERS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  "generic-strict": [
    ["AT+CGMI", "Dunlin"],
    ["AT+CNMI=?", "+CNMI: (0-3),(0-3),(0-3),(0-2),(0,1)"],
    ["AT+CPMS=?", '+CPMS: ("SM","ME","SR","MT"),("SM","ME"),("SM","ME","MT")'],
    ["AT+CSMS=?", "+CSMS: (0,1)"],
    ["AT+CCID", "+CCID: 8949010000000000016"],
  ],
  "quectel-ec25": [
    ["AT+CGMI", "Quectel"],
    ["AT+CGMM", "EC25"],
    ["AT+CNMI=?", "+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)"],
    ["AT+CPMS=?", '+CPMS: ("ME","MT","SM","SR"),("ME","MT","SM","SR"),("ME","MT","SM","SR")'],
    ["AT+CPMS?", '+CPMS: "ME",0,255,"ME",0,255,"ME",0,255'],
    ["AT+CSMS=?", "+CSMS: (0-1)"],
    ["AT+QCCID", "+QCCID: 8949010000000000016"],
    ['AT+QPINC="SC"', '+QPINC: "SC",3,10'],
    ["AT+CREG=2;+CREG?", '+CREG: 2,1,"CE00","1CEAD8F",7'],
    ["AT+COPS?", '+COPS: 0,0,"Dunlin",7'],
  ],
  "simcom-sim800": [
    ["AT+CGMI", "SIMCOM_Ltd"],
    ["AT+CGMM", "SIMCOM_SIM800L"],
    ["AT+CGMR", "Revision:1418B05SIM800L24"],
    ["AT+CNMI=?", "+CNMI: (0-3),(0-3),(0,2),(0,1),(0,1)"],
    ["AT+CCID", "8949010000000000016"],
    ["AT+SPIC", "+SPIC: 3,10,3,10"],
    ["AT+COPS?", '+COPS: 0,0,"Dunlin"'],
    ["AT+CBC", "+CBC: 0,85,4012"],
  ],
  "huawei-e173": [
    ["AT+CGMI", "huawei"],
    ["AT+CGMM", "E173"],
    ["ATI", "Manufacturer: huawei"],
    ["AT+CNMI=?", "+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)"],
    ['AT+CPMS="ME","ME","SR"', "+CPMS: 0,50,0,50,0,20"],
    ["AT^ICCID?", "^ICCID: 8949010000000000016"],
    ["AT^CPIN?", "^CPIN: READY,,10,3,10,3"],
    ["AT+CREG=2;+CREG?", "+CREG: 2,1,CE00,1CEAD8F"],
    ["AT+CNUM", "ERROR+CNUM:"],
  ],
  "simcom-sim7600": [
    ["AT+CGMI", "SIMCOM INCORPORATED"],
    ["AT+CGMM", "SIMCOM_SIM7600E"],
    ["AT+CNMI=?", "+CNMI: (0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)"],
    ["AT+CPMS=?", '+CPMS: ("ME","MT","SM","SR"),("ME","MT","SM","SR"),("ME","MT","SM","SR")'],
    ["AT+CICCID", "+ICCID: 8949010000000000016"],
    ["AT+SPIC", "+SPIC: 3,10,3,10"],
  ],
  "zte-mf190": [
    ["AT+CGMI", "ZTE INCORPORATED"],
    ["AT+CGMM", "MF190"],
    ["AT+CFUN?", "+CFUN: (0-1,4-7),(0-1)"],
    ["AT+ZPINPUK=?", "+ZPINPUK: 3,10"],
    ["AT+ZICCID?", "+ZICCID: 8949010000000000016"],
    ["AT+CNMI=2,1,0,2,0", "+CMS ERROR: 303"],
    ["AT+CREG=2;+CREG?", "+CREG: 2,1,CE00,1CEAD8F"],
  ],
  "telit-le910": [
    ["AT+CGMI", "Telit"],
    ["AT+CGMM", "LE910-EUG"],
    ["AT+CNMI=?", "+CNMI: (0-3),(0-3),(0,2),(0-2),(0)"],
    ["AT+CPMS=?", '+CPMS: ("SM","ME"),("SM","ME"),("SM","ME")'],
    ["AT#CCID", "#CCID: 8949010000000000016"],
    ["AT#PCT", "#PCT: 3"],
  ],
  "ublox-sara": [
    ["AT+CGMI", "u-blox"],
    ["AT+CGMM", "SARA-R410M-02B"],
    ["AT+CNMI=?", "+CNMI: (0-2),(0-3),(0,2),(0-2),(0,1)"],
    ["AT+CCID", "+CCID: 8949010000000000016"],
    ["AT+UPINCNT", "+UPINCNT: 3,3,10,10"],
    ["AT+UPSV?", "+UPSV: 1"],
  ],
  "cinterion-mc75i": [
    ["AT+CGMI", "SIEMENS"],
    ["AT+CGMM", "MC75i"],
    ["AT+CNMI=?", "+CNMI: (0-3),(0,1),(0,2,3),(0,2),(1)"],
    ["AT+CPMS=?", '+CPMS: ("ME","SM","MT"),("ME","SM","MT"),("SM","MT")'],
    ['AT+CPMS="SR"', "+CPMS: 0,20,0,55,0,55"],
    ["AT^SCID", "^SCID: 8949010000000000016"],
    ["AT^SPIC", "^SPIC: 3"],
  ],
  "wavecom-q2": [
    ["AT+CGMI", " WAVECOM MODEM"],
    ["AT+CGMM", " MULTIBAND  900E  1800"],
    ["AT+CPMS=?", '+CPMS: (("SM","BM","SR"),("SM"))'],
    ["AT+CPMS?", '+CPMS: "SM",0,30,"SM",0,30'],
    ['AT+CPMS="SR"', "+CPMS: 0,20,0,30"],
    ['AT+CPMS="SM","SM","SM"', "+CMS ERROR: 305"],
    ["AT+CCID", "+CCID: 8949010000000000016"],
  ],
};

describe.each(PROFILES.map(({ name }) => name))("%s", (profile) => {
  test.each(ANSWERS[profile] ?? [])("%s", async (command, line) => {
    const host = await new Rig({ profile }).host();
    expect(await host.lines(command)).toContain(line);
  });

  test("has answers in this table", () => {
    expect(ANSWERS[profile]?.length).toBeGreaterThan(3);
  });

  test("accepts the CNMI that it has chosen, and offers the memories that it has chosen", () => {
    const { routing, storage } = profileNamed(profile);
    for (const [place, value] of routing.chosen.entries()) expect(routing.offered[place]).toContain(value);
    expect(routing.refusedModes).not.toContain(routing.chosen[0]);
    for (const [place, name] of storage.chosen.entries()) expect(storage.offered[place]).toContain(name);
  });

  test("says what it is in all forms of the question", async () => {
    const rig = new Rig({ profile });
    const host = await rig.host();
    const { imei, modem } = rig.modem();
    expect(imei).toMatch(/^\d{15}$/);
    expect(await host.lines("AT+CGSN")).toEqual([imei, "OK"]);
    expect(await host.lines("AT+GSN")).toEqual([imei, "OK"]);
    expect(await host.lines("AT+CIMI")).toEqual([modem.sim?.imsi, "OK"]);
    expect(await host.command("AT+GCAP")).toMatch(/\+GCAP: \S*\+CGSM/);
  });
});

test("an unknown profile is refused with those there are", () => {
  expect(() => profileNamed("nokia")).toThrow(
    'no profile "nokia"; ' +
      "there are generic-strict, quectel-ec25, simcom-sim800, simcom-sim7600, huawei-e173, zte-mf190, " +
      "telit-le910, ublox-sara, cinterion-mc75i, wavecom-q2",
  );
});

test("made-up identities differ and check out", () => {
  const rig = new Rig({ modems: Array.from({ length: 20 }, () => ({ profile: "quectel-ec25" })) });
  const luhn = (digits: string): number =>
    [...digits].reverse().reduce((sum, digit, i) => {
      const value = i % 2 === 1 ? Number(digit) * 2 : Number(digit);
      return sum + (value > 9 ? value - 9 : value);
    }, 0) % 10;
  const sims = rig.simulator.modems.map(({ modem }) => modem.sim);
  for (const { imei } of rig.simulator.modems) expect(luhn(imei)).toBe(0);
  for (const sim of sims) expect(luhn(sim?.iccid ?? "1")).toBe(0);
  for (const key of ["imsi", "iccid", "number"] as const) {
    expect(new Set(sims.map((sim) => sim?.[key])).size).toBe(20);
  }
});

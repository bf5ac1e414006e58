/** Settings that cannot be are refused before a port is opened. */
import { expect, test } from "vitest";
import { createModem } from "#hardware/modem/modem.ts";
import { assertModemSettings, type ModemSettings, ModemSettingsError } from "#hardware/modem/settings.ts";
import { modemRig } from "#test/support/modem-rig.ts";
import { scriptedModem } from "#test/support/scripted-modem.ts";

test.each<[string, ModemSettings]>([
  ["pin", { pin: "12\r34" }],
  ["pin", { pin: "123" }],
  ["serviceCentre", { serviceCentre: '+49"' }],
  ["serviceCentre", { serviceCentre: "centre" }],
  ["profile", { profile: "nokia" }],
  ["bearer", { bearer: 7 as never }],
  ["sweepIntervalMs", { sweepIntervalMs: 1 }],
  ["submitAnswerMs", { submitAnswerMs: Number.NaN }],
])("%s: %o", (name, settings) => {
  expect(() => assertModemSettings(settings)).toThrow(ModemSettingsError);
  expect(() => assertModemSettings(settings)).toThrow(new RegExp(`^${name}: `));
  expect(() => createModem({ settings } as never)).toThrow(ModemSettingsError);
});

test("what can be is taken", () => {
  assertModemSettings({});
  assertModemSettings({
    pin: "12345678",
    serviceCentre: "+491710760000",
    profile: "u-blox",
    bearer: 3,
    sweepIntervalMs: 30_000,
    submitAnswerMs: 60_000,
  });
});

test("a mistake of ours in a session is no end of the modem's life", async () => {
  const modem = scriptedModem();
  let failures = 1;
  modem.answers.set("AT+CPIN?", ["+CPIN: SIM PIN"]);
  modem.answers.set('AT+CPINR="SIM PIN"', ["+CPINR: SIM PIN,3,3"]);
  modem.answers.set("AT+CFUN=4", []);
  modem.answers.set("AT+CFUN=1", []);
  const rig = modemRig(modem.open, {
    settings: { pin: "1234" },
    pinMemory: {
      wasTried: async () => {
        if (failures-- > 0) throw new Error("the database is closed");
        modem.answers.set("AT+CPIN?", ["+CPIN: READY"]);
        return true;
      },
      recordTry: async () => undefined,
      forgetTry: async () => undefined,
    },
  });
  await rig.until("recovering");
  expect(rig.modem.status.detail).toContain("the driver failed");
  await rig.until("sim-blocked");
  await rig.until("ready");
});

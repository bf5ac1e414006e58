/** Ports that go, modems that fall silent, and how they come back. */
import { describe, expect, test } from "vitest";
import { type OpenPort, PortError } from "#hardware/port/port.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { modemRig } from "#test/support/modem-rig.ts";
import { type Answer, scriptedModem, wellBehavedAnswers } from "#test/support/scripted-modem.ts";

const MUTE = (): undefined => undefined;

/** A modem that can be struck dumb, and which one command brings back. */
function mutableModem(cure?: string) {
  const answers = wellBehavedAnswers();
  answers.set("AT+CFUN=4", []);
  answers.set("AT+CFUN=1", []);
  const modem = scriptedModem(new Map<string, Answer>([["*", MUTE]]));
  const restore = (): void => {
    for (const [command, answer] of answers) modem.answers.set(command, answer);
  };
  if (cure !== undefined) {
    modem.answers.set(cure, () => {
      restore();
      return ["OK"];
    });
  }
  return { modem, restore, silence: () => modem.answers.clear() };
}

/** Opens only while `isThere`; counts. */
function gated(
  open: OpenPort,
  refusal: () => PortError | undefined,
): { open: OpenPort; tries: number[]; clock: SimulatedClock } {
  const clock = new SimulatedClock();
  const tries: number[] = [];
  return {
    clock,
    tries,
    open: async (handlers) => {
      tries.push(clock.monotonic());
      const error = refusal();
      if (error !== undefined) throw error;
      return open(handlers);
    },
  };
}

describe("the port", () => {
  test("lost, looked for every second, found again", async () => {
    const modem = scriptedModem();
    let there = true;
    const { open, clock, tries } = gated(modem.open, () =>
      there ? undefined : new PortError("missing", "gone"),
    );
    const rig = modemRig(open, { clock });
    await rig.until("ready");
    there = false;
    modem.unplug();
    await clock.advance(0);
    expect(rig.modem.status).toMatchObject({ state: "absent", detail: "the device is gone" });
    tries.length = 0;
    await clock.advance(10_000);
    expect(tries.length).toBe(10);
    expect(rig.modem.status.detail).toBe("gone");
    there = true;
    await rig.until("ready", 10_000);
  });

  test("held by another program: the reason is shown, and it is asked less often", async () => {
    const { open, clock, tries } = gated(
      scriptedModem().open,
      () => new PortError("busy", "ModemManager has it open"),
    );
    const rig = modemRig(open, { clock });
    await clock.advance(20_000);
    expect(rig.modem.status).toMatchObject({ state: "absent", detail: "ModemManager has it open" });
    expect(tries.length).toBe(5);
  });

  test("behind a network: less and less", async () => {
    const refusal = new PortError("missing", "nobody listens", { remote: true });
    const { open, clock, tries } = gated(scriptedModem().open, () => refusal);
    modemRig(open, { clock });
    await clock.advance(120_000);
    const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(waits.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test("stopping while it is absent ends at once", async () => {
    const { open, clock } = gated(scriptedModem().open, () => new PortError("missing", "gone"));
    const rig = modemRig(open, { clock });
    await clock.advance(0);
    await rig.modem.stop();
    expect(rig.modem.status.state).toBe("stopped");
    expect(clock.nextTimerMs()).toBeUndefined();
  });
});

describe("silence", () => {
  test("one command without an answer is no silence", async () => {
    const modem = scriptedModem();
    const rig = modemRig(modem.open);
    await rig.until("ready");
    modem.answers.set("AT+CSQ", MUTE);
    await rig.clock.advance(200_000);
    expect(rig.statuses.map((status) => status.state)).not.toContain("recovering");
    expect(rig.modem.status.state).toBe("ready");
  });

  test("noise is no sign of life", async () => {
    const { modem, restore, silence } = mutableModem();
    restore();
    const rig = modemRig(modem.open);
    await rig.until("ready");
    silence();
    modem.answers.set("*", MUTE);
    for (let second = 0; second < 120; second++) {
      modem.say("\r\n^RSSI:17\r\n");
      await rig.clock.advance(1_000);
    }
    expect(rig.modem.status.state).toBe("recovering");
  });

  test.each([
    ["the radio switched off and on", "AT+CFUN=4", "radio-cycle"],
    ["a restart", "AT+CFUN=1,1", "restart"],
  ])("cured by %s", async (_name, cure, step) => {
    const { modem } = mutableModem(cure);
    const rig = modemRig(modem.open);
    await rig.until("ready", 600_000);
    const steps = rig.statuses
      .filter((status) => status.state === "recovering")
      .map((status) => status.detail);
    expect(steps.at(-1)).toContain(`recovery step ${step}, round 1`);
  });

  test("cured by closing and opening the port", async () => {
    const { modem, restore } = mutableModem();
    let openings = 0;
    const rig = modemRig(async (handlers) => {
      if (++openings === 2) restore();
      return modem.open(handlers);
    });
    await rig.until("ready", 600_000);
    expect(openings).toBe(2);
  });

  test("cured by the vendor's own reset, which the profile knows", async () => {
    const { modem, restore, silence } = mutableModem();
    restore();
    modem.answers.set("AT+CGMI", ["Telit"]);
    const rig = modemRig(modem.open);
    await rig.until("ready");
    silence();
    modem.answers.set("*", MUTE);
    modem.answers.set("AT#REBOOT", () => {
      restore();
      return ["OK"];
    });
    await rig.until("recovering", 200_000);
    await rig.until("ready", 600_000);
    expect(modem.sent).toContain("AT#REBOOT");
  });

  test("nothing helps: three rounds, then parked with advice; a power cycle brings it back", async () => {
    const { modem, restore } = mutableModem();
    const rig = modemRig(modem.open);
    const parked = (): boolean => rig.modem.status.detail.includes("nothing helped");
    for (let minute = 0; minute < 60 && !parked(); minute++) await rig.clock.advance(60_000);
    expect(rig.modem.status).toMatchObject({
      state: "recovering",
      detail: expect.stringContaining("power it off"),
    });
    const rounds = rig.statuses.map((status) =>
      /step (\S+), round (\d)/.exec(status.detail)?.slice(1).join(" "),
    );
    expect(rounds.filter((round) => round !== undefined)).toEqual(
      [1, 2, 3].flatMap((round) =>
        ["talk", "reopen", "radio-cycle", "restart", "vendor-reset"].map((step) => `${step} ${round}`),
      ),
    );
    expect(modem.sent.join("")).not.toContain("\x1a");
    restore();
    modem.unplug();
    await rig.until("ready", 60_000);
  });

  test("stopping while it recovers ends at once", async () => {
    const { modem } = mutableModem();
    const rig = modemRig(modem.open);
    await rig.until("recovering", 200_000);
    const stopping = rig.modem.stop();
    await rig.clock.advance(0);
    await stopping;
    expect(rig.modem.status.state).toBe("stopped");
  });
});

describe("restarts", () => {
  test.each([
    ["Quectel", "RDY"],
    ["SIEMENS", "^SYSSTART"],
    ["Acme", "Call Ready"],
    ["Acme", "+CPIN: READY"],
  ])("%s %s: everything is set up again", async (manufacturer, line) => {
    const modem = scriptedModem();
    modem.answers.set("AT+CGMI", [manufacturer]);
    const rig = modemRig(modem.open);
    await rig.until("ready");
    await rig.clock.advance(61_000);
    modem.sent.length = 0;
    modem.say(`\r\n${line}\r\n`);
    await rig.until("starting", 0);
    await rig.until("ready");
    expect(modem.sent).toEqual(expect.arrayContaining(["ATE0", "AT+CMGF=0", "AT+CNMI=2,1,0,2,0"]));
  });

  test("during the start-up dialogue: begun again, and not for ever", async () => {
    const modem = scriptedModem();
    let restarts = 0;
    modem.answers.set("AT+CGMM", () => (restarts++ < 3 ? ["RDY", "> "] : ["Anvil"]));
    const rig = modemRig(modem.open);
    await rig.until("ready");
    expect(restarts).toBe(4);

    const looping = scriptedModem();
    looping.answers.set("AT+CGMM", ["RDY", "> "]);
    const second = modemRig(looping.open);
    await second.until("recovering", 300_000);
    await second.modem.stop();
  });
});

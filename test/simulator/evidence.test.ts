/** What a modem can tell of a submit whose answer was lost, family by family, against the ledger. */
import { describe, expect, test } from "vitest";
import type { StoredEntry, SubmitOutcome } from "#hardware/modem/types.ts";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import { PROFILES } from "#hardware/simulator/profiles/profiles.ts";
import { advanceUntil, type ModemRig, modemRig } from "#test/support/modem-rig.ts";
import { type Host, pduOf, Rig } from "./rig.ts";

const READ = "AT+CRSM=176,28483,0,0,2";
const LATENCY_MS = 2_000;

const fileIn = async (host: Host): Promise<number | undefined> => {
  const octet = /\+CRSM: 144,0,"([0-9A-F]{2})FF"/.exec(await host.command(READ))?.[1];
  return octet === undefined ? undefined : Number.parseInt(octet, 16);
};

describe.each(PROFILES.map((profile) => [profile.name, profile.reference] as const))("%s", (name, where) => {
  const kept = where === "sim";

  async function up(host: Host, rig: Rig): Promise<Host> {
    await rig.clock.advance(30_000);
    const again = host.closed === undefined ? host : await rig.host(0, { raw: true });
    // A module that sleeps loses the first one.
    await again.command("AT");
    await again.command("ATE0;+CMEE=1");
    return again;
  }

  test("the reference moves when the SUBMIT is built, also when the network refuses it", async () => {
    const rig = new Rig({ profile: name });
    const host = await rig.host();
    expect(await host.submit(pduOf())).toContain("+CMGS: 0");
    expect(await fileIn(host)).toBe(kept ? 0 : 255);
    rig.simulator.faults.arm({ at: "submit", action: { kind: "refuse", cms: 38 } });
    expect(await host.submit(pduOf())).toContain("38");
    expect(await fileIn(host)).toBe(kept ? 1 : 255);
    await host.command("AT+CMGS=10");
    await host.type("\x1b");
    expect(await fileIn(host)).toBe(kept ? 1 : 255);
    expect(await host.submit(pduOf())).toContain("+CMGS: 2");
  });

  test(kept ? "the reference outlives a restart" : "a restart begins anew", async () => {
    const rig = new Rig({ profile: name, modems: [{ profile: name, sim: { lastReference: 41 } }] });
    const host = await rig.host();
    expect(await host.submit(pduOf())).toContain(kept ? "+CMGS: 42" : "+CMGS: 0");
    rig.modem().reset();
    const again = await up(host, rig);
    expect(await fileIn(again)).toBe(kept ? 42 : 41);
    expect(await again.submit(pduOf())).toContain(kept ? "+CMGS: 43" : "+CMGS: 0");
  });

  async function stored(faults: readonly FaultSpec[] = []): Promise<{
    rig: Rig;
    driver: ModemRig;
    entry: StoredEntry;
    send: () => Promise<SubmitOutcome>;
    settled: <T>(promise: Promise<T>) => Promise<T>;
  }> {
    const rig = new Rig({ modems: [{ profile: name }], network: { latency: LATENCY_MS }, chunked: true });
    const driver = modemRig(rig.modem().open, { clock: rig.clock });
    await driver.until("ready");
    const settled = async <T>(promise: Promise<T>): Promise<T> => {
      let done = false;
      void promise.finally(() => {
        done = true;
      });
      await advanceUntil(
        rig.clock,
        () => done,
        600_000,
        () => "not settled",
      );
      return promise;
    };
    const outcome = await settled(driver.modem.store(pduOf()));
    if (outcome.kind !== "stored") throw new Error(`it is ${outcome.kind}`);
    for (const fault of faults) rig.simulator.faults.arm(fault);
    return {
      rig,
      driver,
      entry: outcome.entry,
      send: () => settled(driver.modem.sendStored(outcome.entry)),
      settled,
    };
  }

  test("a stored PDU is sent once; its state tells so, also after a restart, until it is deleted", async () => {
    const { rig, driver, entry, send, settled } = await stored();
    expect(await settled(driver.modem.storedStatus(entry))).toBe("unsent");
    expect(rig.simulator.ledger.count).toBe(0);
    expect(await send()).toEqual({ kind: "accepted", messageReference: 0 });
    expect(await settled(driver.modem.storedStatus(entry))).toBe("sent");
    rig.modem().reset();
    await rig.clock.advance(200_000);
    await driver.until("ready", 600_000);
    expect(await settled(driver.modem.storedStatus(entry))).toBe("sent");
    await settled(driver.modem.deleteStored(entry));
    expect(await settled(driver.modem.storedStatus(entry))).toBe("gone");
    expect(rig.modem().modem.memories.used("MT")).toBe(0);
    expect(rig.simulator.ledger.count).toBe(1);
    await driver.modem.stop();
  });

  test("a refusal leaves it unsent", async () => {
    const { rig, driver, entry, send, settled } = await stored([
      { at: "submit", action: { kind: "refuse", cms: 41 } },
    ]);
    expect(await send()).toMatchObject({ kind: "refused", error: { code: 41 } });
    expect(await settled(driver.modem.storedStatus(entry))).toBe("unsent");
    expect(rig.simulator.ledger.count).toBe(0);
    await driver.modem.stop();
  });

  test.each([
    ["the answer is lost", { at: "answer", command: "+CMSS", action: { kind: "drop-answer" } }, 1, "sent"],
    ["it falls silent", { at: "accepted", action: { kind: "mute", ms: 60_000 } }, 1, "sent"],
    ["it restarts before the network has it", { at: "submit", action: { kind: "reset" } }, 0, "unsent"],
    // The network took it, and the modem lost its power before it heard so: the entry cannot know.
    ["it restarts before it hears the network", { at: "accepted", action: { kind: "reset" } }, 1, "unsent"],
    ["unplugged", { at: "submit", action: { kind: "unplug", replugAfterMs: 5_000 } }, 0, "unsent"],
  ] as const)("%s: nobody knows, and the state tells", async (_name, fault, copies, status) => {
    const { rig, driver, entry, send, settled } = await stored([fault]);
    expect(await send()).toMatchObject({ kind: "unknown" });
    expect(rig.simulator.ledger.count).toBe(copies);
    // A restart without a word is noticed by then.
    await rig.clock.advance(60_000);
    await driver.until("ready", 600_000);
    expect(await settled(driver.modem.storedStatus(entry))).toBe(status);
    expect(rig.simulator.ledger.count).toBe(copies);
    await driver.modem.stop();
  });

  test.each(["submit", "stored"])("an answer after the limit is told after all: %s", async (way) => {
    const { rig, driver, send, settled } = await stored();
    const limitMs = driver.modem.status.modem?.answerLimitMs ?? 0;
    const command = way === "submit" ? "+CMGS" : "+CMSS";
    const action = { kind: "delay-answer", ms: limitMs + 1_000 } as const;
    rig.simulator.faults.arm({ at: "answer", command, action });
    const outcome = way === "submit" ? await settled(driver.modem.submit(pduOf())) : await send();
    expect(outcome.kind).toBe("unknown");
    await rig.clock.advance(60_000);
    await driver.until("ready", 600_000);
    expect(driver.late).toMatchObject([{ kind: "accepted", messageReference: 0 }]);
    expect(rig.simulator.ledger.count).toBe(1);
    await driver.modem.stop();
  });

  test("the SIM's last reference, where the driver trusts it", async () => {
    const { rig, driver, settled } = await stored([{ at: "submit", nth: 2, action: { kind: "reset" } }]);
    const trusted = driver.modem.status.modem?.keepsLastReference === true;
    expect(trusted).toBe(name === "generic-strict");
    const told = (): Promise<number | undefined> => settled(driver.modem.lastReference());
    expect(await told()).toBe(trusted ? 255 : undefined);
    expect(await settled(driver.modem.submit(pduOf()))).toMatchObject({ kind: "accepted" });
    expect(await told()).toBe(trusted ? 0 : undefined);
    expect(await settled(driver.modem.submit(pduOf()))).toMatchObject({ kind: "unknown" });
    await rig.clock.advance(60_000);
    await driver.until("ready", 600_000);
    expect(await told()).toBe(trusted ? 1 : undefined);
    expect(rig.simulator.ledger.count).toBe(1);
    await driver.modem.stop();
  });
});

test("a modem that is trusted and does not keep its reference is found out", async () => {
  const [generic] = PROFILES;
  if (generic === undefined) throw new Error("no profiles");
  const rig = new Rig({ modems: [{ profile: { ...generic, reference: "modem" } }] });
  const driver = modemRig(rig.modem().open, { clock: rig.clock });
  await driver.until("ready");
  expect(await driver.modem.submit(pduOf())).toMatchObject({ kind: "accepted", messageReference: 0 });
  expect(await driver.modem.lastReference()).toBeUndefined();
  expect(driver.modem.status.modem?.keepsLastReference).toBe(false);
  await driver.modem.stop();
});

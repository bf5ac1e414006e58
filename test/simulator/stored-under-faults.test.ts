/** The same hostile simulator, and messages that are stored on the modem before they are sent. */
import { describe, expect, test } from "vitest";
import type { StoreOutcome } from "#hardware/modem/types.ts";
import { PROFILE_NAMES } from "#hardware/simulator/profiles/profiles.ts";
import { advanceUntil, type ModemRig, modemRig } from "#test/support/modem-rig.ts";
import { faultLists } from "./fault-lists.ts";
import { pduOf, Rig } from "./rig.ts";

const MESSAGES = 8;
const WITHIN_MS = 7_200_000;

async function settled<T>(rig: Rig, promise: Promise<T>): Promise<T> {
  let done = false;
  void promise.then(() => {
    done = true;
  });
  await advanceUntil(
    rig.clock,
    () => done,
    WITHIN_MS,
    () => "not settled",
  );
  return promise;
}

/** Stores one, and tries again while the faults are at that. */
async function stored(rig: Rig, driver: ModemRig): Promise<Extract<StoreOutcome, { kind: "stored" }>> {
  for (let tries = 0; tries < 20; tries++) {
    await driver.until("ready", WITHIN_MS);
    const outcome = await settled(rig, driver.modem.store(pduOf()));
    if (outcome.kind === "stored") return outcome;
    await rig.clock.advance(5_000);
  }
  throw new Error("nothing could be stored");
}

describe.each(PROFILE_NAMES)("%s", (profile) => {
  test.each(Object.entries(faultLists("+CMSS")))("%s", async (_name, faults) => {
    const rig = new Rig({ modems: [{ profile }], network: { latency: 1_000 }, chunked: true });
    const driver = modemRig(rig.modem().open, { clock: rig.clock });
    await driver.until("ready");
    for (const fault of faults) rig.simulator.faults.arm(fault);
    let accepted = 0;
    for (let i = 0; i < MESSAGES; i++) {
      const { entry } = await stored(rig, driver);
      await driver.until("ready", WITHIN_MS);
      const before = rig.simulator.ledger.count;
      const outcome = await settled(rig, driver.modem.sendStored(entry));
      await rig.clock.advance(2_000);
      const sent = rig.simulator.ledger.count - before;
      if (outcome.kind === "accepted") expect(sent).toBe(1);
      else if (outcome.kind === "unknown") expect(sent).toBeLessThanOrEqual(1);
      else expect(sent, outcome.kind).toBe(0);
      await driver.until("ready", WITHIN_MS);
      const status = await settled(rig, driver.modem.storedStatus(entry));
      // A restart may come between the network and the mark, so "unsent" alone proves nothing here.
      if (status === "sent") expect(sent).toBe(1);
      if (outcome.kind === "accepted") {
        accepted++;
        if (status !== undefined) expect(status).toBe("sent");
      }
      await driver.until("ready", WITHIN_MS);
      await settled(rig, driver.modem.deleteStored(entry));
    }
    expect(accepted).toBeGreaterThan(0);
    for (const { fired, action } of rig.simulator.faults.list())
      expect(fired, action.kind).toBeGreaterThan(0);
    rig.simulator.faults.disarmAll();
    await driver.until("ready", WITHIN_MS);
    await driver.modem.stop();
  });
});

/** Dunlin's driver on a hostile simulator: what it says of each submit agrees with the ledger. */
import { describe, expect, test } from "vitest";
import { PROFILE_NAMES } from "#hardware/simulator/profiles/profiles.ts";
import { advanceUntil, modemRig } from "#test/support/modem-rig.ts";
import { faultLists } from "./fault-lists.ts";
import { pduOf, Rig } from "./rig.ts";

const SUBMITS = 12;
const READY_MS_MAX = 7_200_000;

const LISTS = faultLists("+CMGS");

/** Outcomes that the driver must come to see under a list. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  "lost answers": ["unknown"],
  "lost octets of PDUs": ["refused"],
  "restarts after Ctrl-Z": ["unknown"],
  "hangs at the prompt": ["not-sent"],
  refusals: ["refused"],
};

describe.each(PROFILE_NAMES)("%s", (profile) => {
  test.each(Object.entries(LISTS))("%s", async (name, faults) => {
    const rig = new Rig({ modems: [{ profile }], network: { latency: 1_000 }, chunked: true });
    const driver = modemRig(rig.modem().open, { clock: rig.clock });
    await driver.until("ready");
    for (const fault of faults) rig.simulator.faults.arm(fault);
    const seen = new Set<string>();
    for (let i = 0; i < SUBMITS; i++) {
      await driver.until("ready", READY_MS_MAX);
      const before = rig.simulator.ledger.count;
      let outcome: string | undefined;
      void driver.modem.submit(pduOf()).then(({ kind }) => {
        outcome = kind;
      });
      await advanceUntil(
        rig.clock,
        () => outcome !== undefined,
        READY_MS_MAX,
        () => "no outcome",
      );
      await rig.clock.advance(2_000);
      const sent = rig.simulator.ledger.count - before;
      seen.add(outcome ?? "");
      if (outcome === "accepted") expect(sent).toBe(1);
      else if (outcome === "unknown") expect(sent).toBeLessThanOrEqual(1);
      else expect(sent, outcome).toBe(0);
    }
    for (const { fired, action } of rig.simulator.faults.list())
      expect(fired, action.kind).toBeGreaterThan(0);
    expect([...seen]).toContain("accepted");
    expect([...seen]).toEqual(expect.arrayContaining([...(SHOWN[name] ?? [])]));
    await driver.until("ready", READY_MS_MAX);
    await driver.modem.stop();
  });
});

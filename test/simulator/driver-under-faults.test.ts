/** Dunlin's driver on a hostile simulator: what it says of each submit agrees with the ledger. */
import { describe, expect, test } from "vitest";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import { PROFILE_NAMES } from "#hardware/simulator/profiles/profiles.ts";
import { advanceUntil, modemRig } from "#test/support/modem-rig.ts";
import { pduOf, Rig } from "./rig.ts";

const SUBMITS = 12;
const READY_MS_MAX = 7_200_000;

/** Where a command can be named, it is that of a submit. */
const NAMED: Readonly<Record<string, { readonly command?: string }>> = {
  command: { command: "+CMGS" },
  answer: { command: "+CMGS" },
};

const LISTS: Readonly<Record<string, readonly FaultSpec[]>> = {
  "lost answers": [{ at: "answer", command: "+CMGS", every: 3, action: { kind: "drop-answer" } }],
  "lost results": [{ at: "answer", command: "+CMGS", every: 3, action: { kind: "drop-final" } }],
  "late results": [{ at: "answer", command: "+CMGS", every: 3, action: { kind: "late-final", ms: 30_000 } }],
  "torn answers": [
    { at: "answer", every: 2, action: { kind: "split", at: 5, ms: 100 } },
    { at: "answer", every: 3, action: { kind: "merge", ms: 100 } },
  ],
  "odd line ends": [{ at: "answer", every: 2, action: { kind: "line-ends", form: "extra" } }],
  "lost octets of PDUs": [{ at: "pdu", every: 3, action: { kind: "drop-octet", index: 9 } }],
  "lost Ctrl-Z": [{ at: "pdu", every: 3, action: { kind: "drop-ctrl-z" } }],
  "restarts after Ctrl-Z": [
    { at: "submit", every: 4, action: { kind: "reset" } },
    { at: "accepted", every: 4, action: { kind: "reset", silent: true } },
  ],
  "hangs at the prompt": [{ at: "prompt", every: 5, action: { kind: "hang", cure: "escape" } }],
  refusals: [{ at: "submit", every: 3, action: { kind: "refuse", cms: [38, 41, 42] } }],
  ...Object.fromEntries(
    (["command", "prompt", "pdu", "submit", "accepted", "answer"] as const).flatMap((at) => [
      [`restarts at ${at}`, [{ at, ...NAMED[at], every: 4, action: { kind: "reset" } }]],
      [
        `unplugs at ${at}`,
        [{ at, ...NAMED[at], every: 4, action: { kind: "unplug", replugAfterMs: 20_000 } }],
      ],
    ]),
  ),
  noise: [{ at: "time", atMs: 0, action: { kind: "noise", everyMs: 250 } }],
};

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

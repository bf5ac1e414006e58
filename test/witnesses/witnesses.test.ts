/**
 * The witnesses on one family each; on all families with WITNESSES=all. A witness that cannot be installed
 * is left out by name.
 */
import { describe, expect, test } from "vitest";
import { PROFILES, profileNamed } from "#hardware/simulator/profiles/profiles.ts";
import { isWhole } from "#test/support/heavy.ts";
import { ensureSystemPackage } from "#test/support/system-package.ts";
import { hearOne } from "./hearings.ts";
import { report } from "./table.ts";
import { WITNESSES } from "./witnesses.ts";

const profiles = isWhole("WITNESSES") ? PROFILES : [profileNamed("quectel-ec25")];
/** Longer than all waits of one witness together. */
const HEARING_MS = 240_000;

for (const witness of WITNESSES) {
  const { available, reason = "" } = ensureSystemPackage(witness.packages);
  const left = available ? "" : ` (left out: ${reason})`;
  describe.skipIf(!available)(`${witness.name}${left}`, { timeout: HEARING_MS }, () => {
    test.each(profiles)("initialises, sends, receives and gets a report: $name", async (profile) => {
      const { surprises } = report([await hearOne(witness, profile)]);
      expect(surprises).toEqual([]);
    });
  });
}

/** What is tried, in which order, for indications, storages and recovery. */
import { describe, expect, test } from "vitest";
import { parseSets } from "#hardware/at/fields.ts";
import {
  createLadder,
  PARK_MS,
  RECOVERY_ROUNDS_MAX,
  RECOVERY_STEPS,
  RECOVERY_STEPS_WITH_SPARE,
} from "#hardware/modem/ladder.ts";
import { findProfile } from "#hardware/modem/profiles/index.ts";
import { indicationCandidates } from "#hardware/modem/start-up/indications.ts";
import { storageCandidates } from "#hardware/modem/start-up/storages.ts";

describe("indications", () => {
  test.each([
    [
      "EC25",
      "Quectel",
      "(0-2),(0-3),(0,2),(0-2),(0,1)",
      ["2,1,0,2,0", "1,1,0,2,0", "2,1,0,1,0", "1,1,0,1,0"],
    ],
    [
      "SIM800: no ds 2",
      "SIMCOM_Ltd",
      "(0-3),(0-3),(0,2),(0,1),(0,1)",
      ["2,1,0,1,0", "1,1,0,1,0", "3,1,0,1,0"],
    ],
    ["MC75i: no ds 1, bfr must be 1", "SIEMENS", "(0-3),(0,1),(0,2,3),(0,2),(1)", ["2,1,0,2,1", "1,1,0,2,1"]],
    [
      "Huawei lists mode 2 and refuses it",
      "huawei",
      "(0-2),(0-3),(0,2),(0-2),(0,1)",
      ["1,1,0,2,0", "2,1,0,2,0"],
    ],
    ["phonesim: no reports", "Acme", "(0,1,2),(0,1,2,3),(0,2),(0),(0,1)", ["2,1,0,0,0", "1,1,0,0,0", "2,1"]],
    ["no stored delivery: directly to us", "Acme", "(2),(0,2),(0),(1),(1)", ["2,2,0,1,1", "2,2", "2"]],
    ["an empty answer", "Acme", "", ["2,1,0,2,0", "1,1,0,2,0", "3,1,0,2,0", "2,1,0,1,0"]],
  ])("%s", (_name, manufacturer, sets, first) => {
    const candidates = indicationCandidates(parseSets(sets), findProfile(manufacturer, ""));
    expect(candidates.slice(0, first.length).map((candidate) => candidate.join(","))).toEqual(first);
  });

  test("the short forms come last", () => {
    const all = indicationCandidates(parseSets("(1,2),(1),(0),(0),(0)"), findProfile("", ""));
    expect(all.map((candidate) => candidate.join(","))).toEqual([
      "2,1,0,0,0",
      "1,1,0,0,0",
      "2,1",
      "1,1",
      "2",
      "1",
    ]);
  });
});

describe("storages", () => {
  test.each([
    ["EC25", '("ME","MT","SM"),("ME","MT","SM"),("ME","MT","SM")', "ME,ME,ME"],
    ["SIM800", '("SM","ME","SM_P","ME_P","MT"),("SM","ME"),("SM","ME")', "ME,ME,ME"],
    ["MC75i: no ME for arriving ones", '("ME","SM","MT"),("ME","SM","MT"),("SM","MT")', "SM,SM,SM"],
    ["Wavecom: two", '(("SM","BM","SR"),("SM"))', "SM,SM"],
    ["MU609: one list for all", '"ME","MT","SM"', "ME,ME,ME"],
    ["writing elsewhere", '("SM","SR"),("ME"),("SM")', "SM,ME,SM"],
  ])("%s", (_name, sets, best) => {
    const candidates = storageCandidates(parseSets(sets));
    expect(candidates[0]?.join(",")).toBe(best);
    expect(candidates.at(-1)?.length).toBe(1);
  });

  test.each(["", "(),(),()"])("nothing to choose from %j", (sets) => {
    expect(storageCandidates(parseSets(sets))).toEqual([]);
  });
});

describe("recovery", () => {
  test("all steps in order, three rounds, longer and longer, then parked", () => {
    const ladder = createLadder();
    const taken: string[] = [];
    let lastWait = 0;
    for (let count = 0; count < RECOVERY_STEPS.length * RECOVERY_ROUNDS_MAX; count++) {
      const next = ladder.next();
      if (next.kind !== "step") throw new Error("parked too early");
      taken.push(next.step);
      expect(next.waitMs).toBeGreaterThanOrEqual(lastWait);
      lastWait = next.waitMs;
    }
    expect(taken).toEqual([...RECOVERY_STEPS, ...RECOVERY_STEPS, ...RECOVERY_STEPS]);
    expect(ladder.next()).toEqual({ kind: "park", waitMs: PARK_MS });
    expect(ladder.next()).toMatchObject({ kind: "step", step: "talk", round: 1, waitMs: 1_000 });
  });

  test("a modem that answers needs no talking to, in no round", () => {
    const ladder = createLadder();
    const steps = Array.from({ length: 9 }, () => ladder.next("radio-cycle"));
    expect(steps.map((next) => (next.kind === "step" ? `${next.step} ${next.round}` : ""))).toEqual([
      "radio-cycle 1",
      "restart 1",
      "vendor-reset 1",
      "radio-cycle 2",
      "restart 2",
      "vendor-reset 2",
      "radio-cycle 3",
      "restart 3",
      "vendor-reset 3",
    ]);
    expect(ladder.next("radio-cycle").kind).toBe("park");
  });

  test("with a second AT port, a restart said there is the last step of each round", () => {
    const ladder = createLadder(RECOVERY_STEPS_WITH_SPARE);
    const steps = Array.from({ length: 8 }, () => ladder.next("restart"));
    expect(steps.map((next) => (next.kind === "step" ? `${next.step} ${next.round}` : ""))).toEqual(
      [1, 2, 3]
        .flatMap((round) => [`restart ${round}`, `vendor-reset ${round}`, `spare-port ${round}`])
        .slice(0, 8),
    );
  });

  test("a modem that proved itself begins anew", () => {
    const ladder = createLadder();
    for (let count = 0; count < 4; count++) ladder.next();
    ladder.reset();
    expect(ladder.next()).toMatchObject({ step: "talk", round: 1, waitMs: 1_000 });
  });
});

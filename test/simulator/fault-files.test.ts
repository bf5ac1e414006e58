/** Lists of faults as people write them: those of the README work, and wrong ones are refused with the place. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { faultList } from "#hardware/simulator/control/fault-schemas.ts";
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import { ACTIONS, FAULT_POINTS } from "#hardware/simulator/faults/points.ts";
import { pduOf, Rig } from "./rig.ts";

const readme = readFileSync(fileURLToPath(import.meta.resolve("#hardware/simulator/README.md")), "utf8");
const lists = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) => json);
const faults = lists.flatMap((json) => faultList.parse(JSON.parse(json)) as FaultSpec[]);

describe("the README", () => {
  test.each(lists.map((json, i) => [i, json] as const))("list %i can be armed", (_i, json) => {
    const list = faultList.parse(JSON.parse(json)) as FaultSpec[];
    const rig = new Rig({ faults: list });
    expect(rig.simulator.faults.list()).toHaveLength(list.length);
  });

  test("has an example of every action and every point", () => {
    const kinds = new Set(Object.values(ACTIONS).flat());
    expect([...kinds].filter((kind) => !faults.some(({ action }) => action.kind === kind))).toEqual([]);
    expect(FAULT_POINTS.filter((point) => !faults.some(({ at }) => at === point))).toEqual([]);
  });

  test("has an example of every trigger", () => {
    const fields = new Set(faults.flatMap((fault) => Object.keys(fault)));
    const triggers = [
      "modem",
      "command",
      "recipient",
      "content",
      "line",
      "idleMs",
      "nth",
      "every",
      "probability",
    ];
    for (const name of [...triggers, "rate", "fromMs", "untilMs", "atMs", "everyMs", "times"]) {
      expect(fields, name).toContain(name);
    }
  });
});

test("the same list and seed give the same run", async () => {
  const run = async (): Promise<string> => {
    const list: FaultSpec[] = [
      { at: "submit", probability: 0.3, action: { kind: "refuse", cms: [8, 41, 127] } },
      { at: "answer", probability: 0.1, action: { kind: "insert", what: "garbage", at: 2 } },
    ];
    const rig = new Rig({ faults: list, seed: 77 });
    const host = await rig.host(0, { raw: true });
    let heard = await host.command("ATE0");
    const { hex, tpduLength } = pduOf();
    for (let i = 0; i < 30; i++) {
      heard += await host.command(`AT+CMGS=${tpduLength}`);
      heard += await host.type(`${hex}\x1a`);
    }
    return heard;
  };
  const first = await run();
  expect(await run()).toBe(first);
  expect(first).toMatch(/CMS ERROR: (?:8|41|127)/);
  expect(first).toMatch(/[\x80-\xff]{12}/);
});

test.each<[object, string]>([
  [{ at: "answer", action: { kind: "explode" } }, "action"],
  [{ at: "answer", action: { kind: "hang", cure: "prayer" } }, "cure"],
  [{ at: "answer", action: { kind: "drop-final" }, nht: 3 }, "nht"],
  [{ at: "noon", action: { kind: "reset" } }, "at"],
  [{ at: "time", everyMs: 0, action: { kind: "reset" } }, "everyMs"],
])("%j is refused", (fault, place) => {
  const result = faultList.safeParse([fault]);
  expect(result.success).toBe(false);
  expect(JSON.stringify(result.error?.issues)).toContain(place);
});

test.each<[FaultSpec, string]>([
  [{ at: "submit", content: "(", action: { kind: "refuse" } }, "content ( is no regular expression"],
  [{ at: "answer", action: { kind: "replace", pattern: "[", by: "" } }, "pattern [ is no regular expression"],
  [{ at: "time", action: { kind: "operator", rules: { filter: "*" } } }, "filter * is no regular expression"],
  [{ at: "unsolicited", action: { kind: "reset" } }, "cannot happen at"],
  [{ at: "open", action: { kind: "mute" } }, "possible: refuse-open"],
])("%j cannot be armed", (fault, message) => {
  expect(() => new Rig({ faults: [fault] })).toThrow(message);
});

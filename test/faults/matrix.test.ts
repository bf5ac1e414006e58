/**
 * Every fault at every step of a modem's life and of a send, in simulated time. After each of them the
 * modem must send again within twice what the step and the fault may take, no segment may stay with the
 * modem longer than twice its limit, and the network must not have got anything twice.
 */
import { afterAll, describe, expect, test } from "vitest";
import { FAULTS, type Fault } from "./faults.ts";
import { Stage } from "./stage.ts";
import { STEPS, type Step } from "./steps.ts";

/** Until the step is reached at all. */
const STEP_MS_MAX = 1_200_000;
/** EC25: 10 s for the prompt, 120 s for the answer and 5 s of mere listening. */
const SUBMIT_LIMIT_MS = 135_000;
/** Until the last report has come. */
const REPORTS_MS_MAX = 1_800_000;

/** Seconds until it sent again, by fault and step: what the README shows. */
const took = new Map<string, Map<string, number>>();

afterAll(() => {
  if (process.env.SHOW !== undefined) process.stdout.write(`${asTable()}\n`);
});

describe.each(FAULTS)("$name", (fault) => {
  test.each(STEPS)("$name", async (step) => {
    const stage = new Stage(step, fault);
    try {
      await play(stage, step, fault);
    } finally {
      await stage.end();
    }
  });
});

async function play(stage: Stage, step: Step, fault: Fault): Promise<void> {
  await stage.start();
  const before = await stage.send();
  if (step.moment.kind === "idle") {
    await stage.until("idle", async () => (await stage.state(before)) === "submitted", STEP_MS_MAX);
    await stage.pass(5_000);
    stage.strike();
  }
  await stage.until("it strikes", () => stage.struckAt !== undefined, STEP_MS_MAX);
  const struckAt = stage.struckAt ?? 0;
  const after = await sendAgain(stage, 2 * (step.limitMs + fault.lastsMs));
  note(step, fault, stage.clock.monotonic() - struckAt);
  await stage.until(
    "the first one is settled",
    async () => isSettled(await stage.state(before)),
    REPORTS_MS_MAX,
  );
  await stage.until(
    "the last one is delivered",
    async () => (await stage.state(after)) === "delivered",
    REPORTS_MS_MAX,
  );
  await judge(stage, [before, after]);
}

/** Sends until one is taken by the network: a fault that lasts may swallow more than one. */
async function sendAgain(stage: Stage, limitMs: number): Promise<string> {
  const from = stage.clock.monotonic();
  for (;;) {
    const id = await stage.send();
    const leftMs = Math.max(0, from + limitMs - stage.clock.monotonic());
    let state = "";
    await stage.until(
      "it sends again",
      async () => {
        state = await stage.state(id);
        return !["queued", "submitting"].includes(state);
      },
      leftMs,
    );
    if (["submitted", "delivered"].includes(state)) return id;
  }
}

const isSettled = (state: string): boolean => !["queued", "submitting", "submitted"].includes(state);

async function judge(stage: Stage, ids: readonly string[]): Promise<void> {
  const sent = stage.sent();
  expect(new Set(sent).size, "nothing went out twice").toBe(sent.length);
  expect(stage.submittingMsMax, "no segment stays with the modem").toBeLessThanOrEqual(2 * SUBMIT_LIMIT_MS);
  for (const id of ids) {
    const message = await stage.core.messages.get(id);
    const reached = sent.includes(message?.to ?? "");
    if (message?.state === "delivered") expect(reached).toBe(true);
    // What reached the network is reported, so nobody may be left in doubt about it.
    if (reached) expect(message?.state).toBe("delivered");
    else expect(message?.state).toBe("unknown");
  }
}

function note(step: Step, fault: Fault, ms: number): void {
  const row = took.get(fault.name) ?? new Map<string, number>();
  took.set(fault.name, row.set(step.name, Math.round(ms / 1_000)));
}

function asTable(): string {
  const head = `| | ${STEPS.map(({ name }) => name).join(" | ")} |`;
  const rule = `|---|${STEPS.map(() => "--:").join("|")}|`;
  const rows = [...took].map(
    ([fault, row]) => `| ${fault} | ${STEPS.map(({ name }) => row.get(name) ?? "").join(" | ")} |`,
  );
  return [head, rule, ...rows].join("\n");
}

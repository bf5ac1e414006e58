/** The modem's own answer, after its submit was given up. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { NewMessage } from "#gateway/messages/types.ts";
import type { ErrorAction, SubmitOutcome } from "#hardware/modem/types.ts";
import { FakeFleet } from "./fake-fleet.ts";
import { number } from "./world.ts";

const UNKNOWN: SubmitOutcome = { kind: "unknown", reason: "no answer" };
const TAKEN: SubmitOutcome = { kind: "accepted", messageReference: 8 };

let fleet: FakeFleet;

beforeEach(async () => {
  fleet = await new FakeFleet(1).start();
  fleet.modem(0).readyIn(1);
  await fleet.settled();
});
afterEach(() => fleet.core.stop());

/** Sends one that nobody answers, and keeps the modem from what might come next. */
async function unanswered(fields: Partial<NewMessage> = {}): Promise<string> {
  const answer = Promise.withResolvers<SubmitOutcome>();
  fleet.modem(0).outcomes.push(answer.promise);
  const [id = ""] = await fleet.accept({ to: number(1), ...fields });
  await fleet.settled();
  fleet.modem(0).say({ state: "searching" });
  answer.resolve(UNKNOWN);
  await fleet.settled();
  return id;
}

async function late(outcome: SubmitOutcome): Promise<void> {
  fleet.modem(0).deps.events.late?.(outcome);
  await fleet.settled();
}

async function segment(id: string) {
  return (await fleet.core.messages.get(id))?.segments[0];
}

function refused(action: ErrorAction): SubmitOutcome {
  return {
    kind: "refused",
    error: { family: "cms", code: 21, text: "+CMS ERROR: 21 transfer rejected", action },
  };
}

test("taken: submitted as of then, with its reference and the report's deadline", async () => {
  const id = await unanswered();
  expect((await segment(id))?.state).toBe("unknown");
  await late(TAKEN);
  expect(await segment(id)).toMatchObject({ state: "submitted", messageReference: 8 });
  const [attempt] = (await segment(id))?.history ?? [];
  expect(attempt).toMatchObject({
    outcome: "accepted",
    evidence: [{ kind: "late-answer", verdict: "sent" }],
  });
  expect(await fleet.events("message.submitted")).toMatchObject([{ evidence: "late-answer" }]);
});

test("refused for a while: back to the queue, and the next try is another attempt", async () => {
  const id = await unanswered();
  await late(refused("retry"));
  expect(await segment(id)).toMatchObject({ state: "queued", reason: "+CMS ERROR: 21 transfer rejected" });
  fleet.modem(0).say({ state: "ready" });
  await fleet.clock.advance(60_000);
  await fleet.settled();
  expect(await segment(id)).toMatchObject({ state: "submitted", attempts: 2 });
});

test("refused for good: failed", async () => {
  const id = await unanswered();
  await late(refused("number-dead"));
  expect(await segment(id)).toMatchObject({ state: "failed", code: "number_dead" });
});

test("the SIM is to blame: it is parked, and the message waits", async () => {
  const id = await unanswered();
  await late(refused("park-sim"));
  expect(await segment(id)).toMatchObject({ state: "queued", code: "sim_refused" });
  expect(await fleet.events("sim.parked")).toHaveLength(1);
});

test("an answer that does not tell changes nothing, and is kept", async () => {
  const id = await unanswered();
  await late({ kind: "unknown", reason: "+CMS ERROR: 332 network timeout: the message may have been taken" });
  const now = await segment(id);
  expect(now?.state).toBe("unknown");
  expect(now?.history?.[0]?.evidence).toMatchObject([{ kind: "late-answer", verdict: "nothing" }]);
});

test("a second copy that waits is not made any more", async () => {
  const id = await unanswered({ onUnknown: "resend" });
  expect((await segment(id))?.state).toBe("queued");
  await late(TAKEN);
  expect((await segment(id))?.state).toBe("submitted");
  fleet.modem(0).say({ state: "ready" });
  await fleet.clock.advance(60_000);
  await fleet.settled();
  expect(fleet.modem(0).submitted).toHaveLength(1);
});

test("an answer that nobody waits for is nobody's", async () => {
  await late(TAKEN);
  const [id = ""] = await fleet.accept({ to: number(1) });
  await fleet.settled();
  await late({ kind: "accepted", messageReference: 9 });
  expect(await segment(id)).toMatchObject({ state: "submitted", messageReference: 0 });
});

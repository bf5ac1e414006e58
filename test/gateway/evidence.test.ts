/** Reports and received PDUs at the moments at which they are easiest to get wrong. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ReceivedPdu, SubmitOutcome } from "#hardware/modem/types.ts";
import { addressOf } from "#hardware/pdu/address.ts";
import { encodeDeliver } from "#hardware/pdu/deliver.ts";
import { encodeStatusReport } from "#hardware/pdu/status-report.ts";
import { FakeFleet } from "./fake-fleet.ts";
import { SIM_A } from "./fake-modem.ts";

const ANNA = "+491701234567";
const BERT = "+491709999999";
const UNKNOWN: SubmitOutcome = { kind: "unknown", reason: "no answer" };

let fleet: FakeFleet;

beforeEach(async () => {
  fleet = await new FakeFleet(1).start();
  fleet.modem(0).ready(SIM_A);
  await fleet.settled();
});

afterEach(() => fleet.core.stop());

function given(...outcomes: (SubmitOutcome | Promise<SubmitOutcome> | number)[]): void {
  for (const outcome of outcomes)
    fleet
      .modem(0)
      .outcomes.push(typeof outcome === "number" ? { kind: "accepted", messageReference: outcome } : outcome);
}

async function send(to: string): Promise<string> {
  const [id = ""] = await fleet.accept({ to });
  await fleet.settled();
  await fleet.clock.advance(1_000);
  return id;
}

function received(hex: string, index?: number): ReceivedPdu {
  const stored = index === undefined ? {} : { stored: { storage: "ME", index } };
  return { hex, sim: SIM_A, receivedAt: fleet.clock.now(), ...stored };
}

async function report(messageReference: number, status = 0, second = 0): Promise<void> {
  const stamp = `6210502100${String(second).padStart(2, "0")}80`;
  const { hex } = encodeStatusReport({
    messageReference,
    recipient: addressOf(ANNA),
    timestamp: { raw: stamp },
    discharge: { raw: stamp },
    status,
  });
  const handed = fleet.modem(0).deps.events.report(received(hex));
  await fleet.settled();
  await handed;
}

describe("a report while the modem has another segment for the same recipient", () => {
  test("waits for the answer, when that may bring the same reference, and then goes to the newer one", async () => {
    const answer = Promise.withResolvers<SubmitOutcome>();
    given(7, 6, answer.promise);
    const old = await send(ANNA);
    await send(BERT);
    const fresh = await send(ANNA);
    await report(7);
    expect(await fleet.states([old, fresh])).toEqual(["submitted", "submitting"]);
    answer.resolve({ kind: "accepted", messageReference: 7 });
    await fleet.settled();
    expect(await fleet.states([old, fresh])).toEqual(["submitted", "delivered"]);
  });

  test("and goes to the older one, when the answer brought another reference", async () => {
    const answer = Promise.withResolvers<SubmitOutcome>();
    given(7, UNKNOWN, answer.promise);
    const old = await send(ANNA);
    await send(BERT);
    const fresh = await send(ANNA);
    await report(7);
    expect(await fleet.states([old])).toEqual(["submitted"]);
    answer.resolve({ kind: "accepted", messageReference: 9 });
    await fleet.settled();
    expect(await fleet.states([old, fresh])).toEqual(["delivered", "submitted"]);
  });
});

describe("segments without an answer", () => {
  test("two to one recipient are told apart by the references that were due", async () => {
    given(10, UNKNOWN, 12, UNKNOWN);
    await send(BERT);
    const first = await send(ANNA);
    await send(BERT);
    const second = await send(ANNA);
    await report(13);
    expect(await fleet.states([first, second])).toEqual(["unknown", "delivered"]);
    await report(11, 0, 1);
    expect(await fleet.states([first, second])).toEqual(["delivered", "delivered"]);
  });

  test("a report that fitted two is of the one that is left when the other is refused after all", async () => {
    fleet.modem(0).readyIn(1);
    await fleet.settled();
    given(UNKNOWN, UNKNOWN);
    const first = await send(ANNA);
    const second = await send(ANNA);
    await report(40);
    expect(await fleet.states([first, second])).toEqual(["unknown", "unknown"]);
    const error = { family: "cms", code: 1, text: "unassigned number", action: "number-dead" } as const;
    fleet.modem(0).deps.events.late?.({ kind: "refused", error });
    await fleet.settled();
    expect(await fleet.states([first, second])).toEqual(["delivered", "failed"]);
  });

  test("and when the other is proven not to have been sent", async () => {
    fleet.modem(0).readyIn(1);
    await fleet.settled();
    given(UNKNOWN);
    const first = await send(ANNA);
    fleet.modem(0).readyIn(2);
    await fleet.settled();
    given(10, 11, UNKNOWN);
    await send(BERT);
    await send(BERT);
    const second = await send(ANNA);
    await report(40);
    expect(await fleet.states([first, second])).toEqual(["unknown", "unknown"]);
    await fleet.clock.advance(1_000);
    given(12);
    await send(BERT);
    expect(await fleet.states([first])).toEqual(["delivered"]);
  });

  test("a reference that was not due proves nothing", async () => {
    given(10, UNKNOWN);
    await send(BERT);
    const id = await send(ANNA);
    await report(40);
    expect(await fleet.states([id])).toEqual(["unknown"]);
    expect(fleet.core.metrics().reports).toMatchObject({ unmatched: 1, settledUnknown: 0 });
  });

  test("still trying is proof that it was sent", async () => {
    given(10, UNKNOWN);
    await send(BERT);
    const id = await send(ANNA);
    await report(11, 0x21);
    expect(await fleet.states([id])).toEqual(["submitted"]);
    await report(11);
    expect(await fleet.states([id])).toEqual(["delivered"]);
    expect((await fleet.core.messages.get(id))?.segments[0]?.messageReference).toBe(11);
  });

  test("lost by its report, then delivered by a later one", async () => {
    given(10);
    const id = await send(ANNA);
    await report(10, 0x62);
    expect(await fleet.states([id])).toEqual(["undelivered"]);
    await report(10, 0);
    expect(await fleet.states([id])).toEqual(["delivered"]);
    await report(10, 0x62);
    expect(await fleet.states([id])).toEqual(["delivered"]);
  });
});

describe("a second copy that its caller asked for", () => {
  test("is not made when a report says in time that the first arrived", async () => {
    given(10, UNKNOWN, { kind: "not-sent", reason: "no prompt" });
    await send(BERT);
    const [id = ""] = await fleet.accept({ to: ANNA, onUnknown: "resend" });
    await fleet.settled();
    expect(await fleet.states([id])).toEqual(["queued"]);
    await report(11);
    expect(await fleet.states([id])).toEqual(["delivered"]);
    await fleet.clock.advance(60_000);
    await fleet.settled();
    expect(fleet.modem(0).submitted).toHaveLength(3);
  });
});

describe("a received PDU", () => {
  const { hex } = encodeDeliver({
    originator: addressOf(ANNA),
    timestamp: { raw: "62105021000080" },
    userData: { text: "Stop" },
  });

  async function deliver(index: number): Promise<void> {
    const handed = fleet.modem(0).deps.events.deliver(received(hex, index));
    await fleet.settled();
    await handed;
  }

  test("of the same octets in another place is another message; in the same place it is the same", async () => {
    await deliver(3);
    await deliver(4);
    await deliver(4);
    expect(await fleet.core.inbox.list({ limit: 10 })).toHaveLength(2);
    expect(fleet.core.metrics().inbound).toMatchObject({ received: 2, repeated: 1 });
  });

  test("is handed back to the modem when it cannot be stored", async () => {
    const write = fleet.core.db.write;
    fleet.core.db.write = () => Promise.reject(new Error("the disk is full"));
    await expect(fleet.modem(0).deps.events.deliver(received(hex, 3))).rejects.toThrow("full");
    fleet.core.db.write = write;
    await deliver(3);
    expect(await fleet.core.inbox.list({ limit: 10 })).toHaveLength(1);
  });
});

/** A person decides about what nobody knows, over HTTP. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { insertEvidence } from "#gateway/messages/evidence.ts";
import { type Caller, type Edge, openEdge } from "#test/support/edge.ts";

let edge: Edge;
let shop: Caller;

beforeEach(async () => {
  edge = await openEdge();
  shop = await edge.caller("messages:write", "messages:read");
});
afterEach(() => edge.close());

const LONG = "A text of several parts, each of which must come once and in its place. ".repeat(4);

/** A message of which these segments are unknown, each after one attempt. */
async function unknown(fields: object = {}, ...segments: readonly number[]): Promise<string> {
  const { body } = await shop.call("POST", "/v1/messages", { to: "+491701234567", text: "Hello", ...fields });
  await edge.db.write(() => {
    edge.db
      .sql(
        `insert into sim (iccid, imsi, modem, first_seen_at, last_seen_at) values ('8949000000000000001', '1', 'm', 0, 0)
         on conflict do nothing`,
      )
      .run();
    const { number } = edge.db.sql("select number from message where id = ?").get(body.id) as {
      number: number;
    };
    for (const segment of segments.length === 0 ? [1] : segments) {
      edge.db
        .sql(
          "update segment set state = 'unknown', code = 'outcome_unknown' where message = ? and number = ?",
        )
        .run(number, segment);
      edge.db
        .sql(
          `insert into attempt (message, segment, try, sim, modem, started_at, ended_at, outcome, detail)
           values (?, ?, 1, 1, 'm', ?, ?, 'unknown', 'no answer')`,
        )
        .run(number, segment, edge.clock.now(), edge.clock.now());
      const saw = "The SIM's last message reference is 40, and was 12 before: that does not tell.";
      const evidence = { kind: "sim-reference", saw, verdict: "nothing" } as const;
      insertEvidence(edge.db, { message: number, segment, try: 1 }, edge.clock.now(), evidence);
    }
    edge.db.sql("update message set state = 'unknown' where number = ?").run(number);
  });
  return body.id;
}

function resolve(id: string, body: object, by = shop) {
  return by.call("POST", `/v1/messages/${id}/resolve`, body);
}

test("the history shows each attempt and what was looked at", async () => {
  const id = await unknown();
  const { body } = await shop.call("GET", `/v1/messages/${id}`);
  expect(body.segments[0].history).toEqual([
    {
      try: 1,
      sim: "8949000000000000001",
      modem: "m",
      startedAt: "2026-01-05T09:00:00.000Z",
      endedAt: "2026-01-05T09:00:00.000Z",
      outcome: "unknown",
      detail: "no answer",
      evidence: [
        {
          kind: "sim-reference",
          at: "2026-01-05T09:00:00.000Z",
          saw: "The SIM's last message reference is 40, and was 12 before: that does not tell.",
          verdict: "nothing",
        },
      ],
    },
  ]);
  const { body: list } = await shop.call("GET", "/v1/messages");
  expect(list.items[0].segments[0].history).toBeUndefined();
});

describe("a decision", () => {
  test.each([
    { outcome: "sent", state: "submitted", verdict: "sent" },
    { outcome: "not-sent", state: "queued", verdict: "not-sent" },
    { outcome: "failed", state: "failed", verdict: "nothing" },
  ])("$outcome: $state, and who decided is kept", async ({ outcome, state, verdict }) => {
    const id = await unknown();
    const { status, body } = await resolve(id, { outcome });
    expect([status, body.state]).toEqual([200, state]);
    expect(body.segments[0].history[0].evidence[1]).toMatchObject({
      kind: "resolved",
      verdict,
      decidedBy: shop.keyId,
    });
    const events = await edge.events.after(0, 10, ["message.submitted", "message.queued", "message.failed"]);
    expect(events.map(({ type, data }) => [type, data.evidence])).toEqual([[`message.${state}`, "resolved"]]);
  });

  test("twice is once; another one comes too late", async () => {
    const id = await unknown();
    await resolve(id, { outcome: "sent" });
    const again = await resolve(id, { outcome: "sent" });
    expect(again).toMatchObject({ status: 200, body: { state: "submitted" } });
    expect(again.body.segments[0].history[0].evidence).toHaveLength(2);
    expect(await resolve(id, { outcome: "not-sent" })).toMatchObject({
      status: 409,
      body: { code: "nothing_unknown", message: { id, state: "submitted" } },
    });
  });

  test("about one try is not about the next one", async () => {
    const id = await unknown();
    await resolve(id, { outcome: "not-sent", segment: 1, try: 1 });
    await edge.db.write(() => {
      edge.db
        .sql(
          `insert into attempt (message, segment, try, sim, modem, started_at, ended_at, outcome)
           values (1, 1, 2, 1, 'm', 1, 2, 'unknown')`,
        )
        .run();
      edge.db.sql("update segment set state = 'unknown' where message = 1").run();
    });
    const repeated = await resolve(id, { outcome: "not-sent", segment: 1, try: 1 });
    expect(repeated).toMatchObject({ status: 200, body: { state: "unknown" } });
    const anew = await resolve(id, { outcome: "not-sent", segment: 1, try: 2 });
    expect(anew).toMatchObject({ status: 200, body: { state: "queued" } });
  });

  test("about one segment, or all that are unknown", async () => {
    const id = await unknown({ text: LONG }, 1, 2);
    const one = await resolve(id, { outcome: "sent", segment: 2 });
    expect(one.body.segments.map(({ state }: { state: string }) => state)).toEqual(["unknown", "submitted"]);
    const rest = await resolve(id, { outcome: "not-sent" });
    expect(rest.body.segments.map(({ state }: { state: string }) => state)).toEqual(["queued", "submitted"]);
  });

  test("failed takes along what still waits, and what is decided after it", async () => {
    const id = await unknown({ text: LONG.repeat(2) }, 1, 2);
    const { body } = await resolve(id, { outcome: "failed", segment: 1 });
    expect(body.segments.map(({ state }: { state: string }) => state)).toEqual([
      "failed",
      "unknown",
      "failed",
      "failed",
    ]);
    const other = await resolve(id, { outcome: "not-sent" });
    expect(other.body.segments[1]).toMatchObject({ state: "failed", code: "sibling_failed" });
  });

  test("not-sent after its last moment: expired", async () => {
    const id = await unknown({ notAfter: "2026-01-05T10:00:00Z" });
    await edge.clock.advance(3_700_000);
    const { body } = await resolve(id, { outcome: "not-sent" });
    expect(body.segments[0]).toMatchObject({ state: "expired", code: "not_after_passed" });
  });
});

describe("is refused", () => {
  test.each([
    [{}, "/outcome"],
    [{ outcome: "maybe" }, "/outcome"],
    [{ outcome: "sent", segment: 0 }, "/segment"],
    [{ outcome: "sent", try: 1 }, "/segment"],
  ])("%j", async (body, pointer) => {
    const id = await unknown();
    const answer = await resolve(id, body);
    expect(answer).toMatchObject({ status: 400, body: { code: "request_invalid", errors: [{ pointer }] } });
  });

  test("when nothing is unknown, with the message as it is", async () => {
    const { body } = await shop.call("POST", "/v1/messages", { to: "+491701234567", text: "Hello" });
    expect(await resolve(body.id, { outcome: "sent" })).toMatchObject({
      status: 409,
      body: { code: "nothing_unknown", message: { state: "queued" } },
    });
  });

  test("to a key whose message it is not; an administrator decides about any", async () => {
    const id = await unknown();
    const other = await edge.caller("messages:write", "read:all");
    expect(await resolve(id, { outcome: "sent" }, other)).toMatchObject({ status: 404 });
    const admin = await edge.caller("admin");
    expect(await resolve(id, { outcome: "sent" }, admin)).toMatchObject({ status: 200 });
  });

  test("to a key that may only read", async () => {
    const id = await unknown();
    const reader = await edge.caller("messages:read");
    expect(await resolve(id, { outcome: "sent" }, reader)).toMatchObject({ status: 403 });
  });
});

test("a metric tells how many were unknown, and what settled them", async () => {
  const id = await unknown();
  await resolve(id, { outcome: "sent" });
  const monitor = await edge.caller("metrics:read");
  const { body } = await monitor.call("GET", "/metrics");
  expect(body).toContain('dunlin_gateway_unknown_settled_total{evidence="resolved"} 1');
  expect(body).toContain('dunlin_gateway_unknown_settled_total{evidence="report"} 0');
  expect(body).toMatch(/^dunlin_gateway_unknown_total \d+$/m);
});

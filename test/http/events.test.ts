import { get as httpGet, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Caller, type Edge, openEdge } from "#test/support/edge.ts";

let edge: Edge;
let reader: Caller;
let port: number;
let open: IncomingMessage[];

beforeEach(async () => {
  edge = await openEdge();
  reader = await edge.caller("events:read", "fleet:read");
  await edge.app.listen({ host: "127.0.0.1", port: 0 });
  ({ port } = edge.app.server.address() as { port: number });
  open = [];
});
afterEach(async () => {
  for (const response of open) response.destroy();
  await edge.close();
});

const MODEM = { modem: "m1", state: "ready" };

test("the list pages through the log and can be filtered", async () => {
  for (let i = 0; i < 5; i++) await edge.tell("modem.changed", MODEM);
  await edge.tell("sim.parked", { sim: "1", reason: "no credit" });
  const first = await reader.call("GET", "/v1/events?limit=4");
  expect(first.body.items).toHaveLength(4);
  const second = await reader.call("GET", `/v1/events?limit=4&after=${first.body.nextAfter}`);
  expect(second.body.items.map((event: { type: string }) => event.type)).toEqual([
    "modem.changed",
    "sim.parked",
  ]);
  const parked = await reader.call("GET", "/v1/events?type=sim.parked&type=sim.released");
  expect(parked.body.nextAfter).toBe(6);
  const none = await reader.call("GET", "/v1/events?type=sim.released");
  expect(none.body).toEqual({ items: [], nextAfter: 6 });
  expect(parked.body.items).toEqual([
    {
      id: expect.stringMatching(/^evt_/),
      type: "sim.parked",
      timestamp: "2026-01-05T09:00:00.000Z",
      sequence: 6,
      data: { sim: "1", reason: "no credit" },
    },
  ]);
});

test("a key sees what its scopes and its own messages give it", async () => {
  await edge.tell("modem.changed", MODEM);
  await edge.tell("inbound.received", { from: "+491701234567", text: "STOP" });
  const inbound = await edge.caller("events:read", "inbound:read");
  const types = async (caller: Caller): Promise<string[]> =>
    (await caller.call("GET", "/v1/events")).body.items.map((event: { type: string }) => event.type);
  expect(await types(reader)).toEqual(["modem.changed"]);
  expect(await types(inbound)).toEqual(["inbound.received"]);
});

interface Stream {
  readonly response: IncomingMessage;
  /** Resolves with the next frame that is no comment, as its fields. */
  next(): Promise<Record<string, string>>;
  readonly ended: Promise<void>;
}

function openStream(headers: Record<string, string> = {}): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const authorization = `Bearer ${reader.key}`;
    const options = { port, path: "/v1/events/stream", headers: { authorization, ...headers } };
    httpGet(options, (response) => {
      open.push(response);
      resolve({ response, ...frames(response) });
    }).on("error", reject);
  });
}

function frames(response: IncomingMessage): Omit<Stream, "response"> {
  const ready: Record<string, string>[] = [];
  const waiting: ((frame: Record<string, string>) => void)[] = [];
  let rest = "";
  response.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const fields = Object.fromEntries(part.split("\n").map((line) => line.split(/: (.*)/s).slice(0, 2)));
      if (fields.data === undefined) continue;
      const taker = waiting.shift();
      if (taker === undefined) ready.push(fields);
      else taker(fields);
    }
  });
  return {
    next: () => {
      const frame = ready.shift();
      return frame === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(frame);
    },
    ended: new Promise((resolve) => response.on("close", () => resolve())),
  };
}

test("the stream begins now and brings each event as it happens", async () => {
  await edge.tell("modem.changed", { modem: "before" });
  const stream = await openStream();
  expect(stream.response.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
  const sequence = await edge.tell("modem.changed", MODEM);
  const frame = await stream.next();
  expect(frame).toMatchObject({ id: String(sequence), event: "modem.changed" });
  expect(JSON.parse(frame.data ?? "")).toMatchObject({ sequence, data: MODEM });
});

test("a client that comes back misses nothing and gets nothing twice", async () => {
  const sequences: number[] = [];
  for (let i = 0; i < 450; i++) sequences.push(await edge.tell("modem.changed", { i }));
  const stream = await openStream({ "last-event-id": String(sequences[9]) });
  const seen: number[] = [];
  for (let i = 10; i < 450; i++) seen.push(Number((await stream.next()).id));
  expect(seen).toEqual(sequences.slice(10));
  const [event] = await edge.events.after(sequences[448] ?? 0, 1);
  const byId = await openStream({ "last-event-id": event?.id ?? "" });
  const newest = await edge.tell("modem.changed", { i: 450 });
  expect((await byId.next()).id).toBe(String(newest));
});

test("events that the key may not see do not come, and do not stop it", async () => {
  const stream = await openStream();
  for (let i = 0; i < 1_200; i++) await edge.tell("inbound.received", { from: "+491701234567" });
  await edge.tell("modem.changed", MODEM);
  expect((await stream.next()).event).toBe("modem.changed");
});

test("who is too far behind is told to start afresh, and let go", async () => {
  await edge.db.write(() => {
    const insert = edge.db.sql("insert into event (id, type, at, data) values (?, 'modem.changed', 0, '{}')");
    for (let i = 0; i < 10_002; i++) insert.run(`evt_${i}`);
  });
  const stream = await openStream({ "last-event-id": "1" });
  expect(await stream.next()).toEqual({ id: "10002", event: "resync", data: '{"lastSequence":10002}' });
  await stream.ended;
});

test("a client that reads nothing makes the gateway hold little, and is let go after a minute", async () => {
  const stream = await openStream();
  stream.response.pause();
  const big = "x".repeat(50_000);
  for (let i = 0; i < 400; i++) await edge.tell("modem.changed", { big });
  for (let i = 0; i < 4; i++) await edge.clock.advance(15_000);
  stream.response.resume();
  let last = await stream.next();
  let frames = 1;
  for (; last.event !== "resync"; frames++) last = await stream.next();
  // What is missing was never written: it waited in the log and not in memory.
  expect(last).toMatchObject({ id: "400", data: '{"lastSequence":400}' });
  expect(frames).toBeLessThan(400);
  await edge.clock.advance(5_000);
  await stream.ended;
});

test("a key has a limited number of streams", async () => {
  for (let i = 0; i < 20; i++) await openStream();
  const refused = await openStream();
  expect(refused.response.statusCode).toBe(429);
});

test("a stream does not outlive its key for long", async () => {
  const stream = await openStream();
  await edge.tell("modem.changed", MODEM);
  await stream.next();
  await edge.keys.revoke(reader.keyId);
  await edge.clock.advance(15_000);
  await stream.ended;
});

test("a stop of the server ends the streams", async () => {
  const stream = await openStream();
  await edge.tell("modem.changed", MODEM);
  await stream.next();
  const closed = edge.app.close();
  await Promise.all([stream.ended, closed]);
});

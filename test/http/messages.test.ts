import { afterEach, beforeEach, expect, test } from "vitest";
import { type Caller, type Edge, openEdge } from "#test/support/edge.ts";

let edge: Edge;
let shop: Caller;

beforeEach(async () => {
  edge = await openEdge();
  shop = await edge.caller("messages:write", "messages:read");
});
afterEach(() => edge.close());

const HELLO = { to: "+491701234567", text: "Hello" };

test("a message is accepted with its whole resource and the place where it lives", async () => {
  const { status, headers, body } = await shop.call("POST", "/v1/messages", {
    to: "0170 1234567",
    text: "Invoice 1047 is due.",
    notBefore: "2026-01-05T11:00:00+01:00",
    notAfter: "2026-01-06T10:00:00Z",
    validitySeconds: 3_600,
    priority: 7,
    class: 0,
    sim: "8949000000000000001",
    reference: "INV-1047",
    metadata: { debtor: "17" },
    report: false,
    transliterate: true,
    onUnknown: "resend",
  });
  expect(status).toBe(202);
  expect(headers.location).toBe(`/v1/messages/${body.id}`);
  expect(body).toEqual({
    id: expect.stringMatching(/^msg_/),
    state: "queued",
    to: "+491701234567",
    text: "Invoice 1047 is due.",
    alphabet: "gsm7",
    segmentCount: 1,
    notBefore: "2026-01-05T10:00:00.000Z",
    notAfter: "2026-01-06T10:00:00.000Z",
    validitySeconds: 3_600,
    priority: 7,
    class: 0,
    sim: "8949000000000000001",
    reference: "INV-1047",
    metadata: { debtor: "17" },
    report: false,
    transliterate: true,
    onUnknown: "resend",
    acceptedAt: "2026-01-05T09:00:00.000Z",
    segments: [{ number: 1, state: "queued", attempts: 0 }],
  });
  const read = await shop.call("GET", `/v1/messages/${body.id}`);
  expect(read.body).toEqual(body);
});

test("defaults: report wanted, nothing changed, never twice", async () => {
  const { body } = await shop.call("POST", "/v1/messages", HELLO);
  expect(body).toMatchObject({ priority: 5, report: true, transliterate: false, onUnknown: "hold" });
});

test.each<[string, object, string, string, string]>([
  [
    "an unknown field",
    { ...HELLO, notbefore: "x" },
    "request_invalid",
    "/notbefore",
    "did you mean notBefore?",
  ],
  ["no recipient", { text: "x" }, "request_invalid", "/to", "It is required."],
  ["an empty text", { ...HELLO, text: "" }, "request_invalid", "/text", "must not be empty"],
  ["half a surrogate pair", { ...HELLO, text: "\ud83d" }, "request_invalid", "/text", "surrogate"],
  [
    "a moment without offset",
    { ...HELLO, notAfter: "2026-01-06T10:00:00" },
    "request_invalid",
    "/notAfter",
    "offset",
  ],
  ["a priority of ten", { ...HELLO, priority: 10 }, "request_invalid", "/priority", "at most 9"],
  ["a class of four", { ...HELLO, class: 4 }, "request_invalid", "/class", "Use one of"],
  ["a SIM that is none", { ...HELLO, sim: "1" }, "request_invalid", "/sim", "ICCID"],
  [
    "a line end in the reference",
    { ...HELLO, reference: "a\nb" },
    "request_invalid",
    "/reference",
    "line ends",
  ],
  ["deep metadata", { ...HELLO, metadata: { a: { b: 1 } } }, "request_invalid", "/metadata/a", "a text"],
  ["letters for a number", { ...HELLO, to: "Dunlin" }, "recipient_invalid", "/to", "digits"],
  ["another country", { ...HELLO, to: "+33612345678" }, "recipient_not_allowed", "/to", "FR"],
  ["a short code", { ...HELLO, to: "116117" }, "recipient_not_allowed", "/to", "allowShortCodes"],
  ["a premium number", { ...HELLO, to: "+499001234567" }, "recipient_not_allowed", "/to", "allowPremium"],
  ["the past", { ...HELLO, notAfter: "2026-01-05T08:59:59Z" }, "schedule_invalid", "/notAfter", "past"],
  [
    "an end before the start",
    { ...HELLO, notBefore: "2026-01-07T00:00:00Z", notAfter: "2026-01-06T00:00:00Z" },
    "schedule_invalid",
    "/notAfter",
    "notBefore",
  ],
  [
    "the next decade",
    { ...HELLO, notBefore: "2036-01-07T00:00:00Z" },
    "schedule_invalid",
    "/notBefore",
    "year",
  ],
  [
    "a text of 256 segments",
    { ...HELLO, text: `${"ä".repeat(255 * 153)}ж` },
    "request_invalid",
    "/text",
    "39015",
  ],
  ["a text too long in UCS-2", { ...HELLO, text: "ж".repeat(255 * 67 + 1) }, "text_invalid", "/text", ""],
])("refused: %s", async (_, request, code, pointer, detail) => {
  const { status, body, headers } = await shop.call("POST", "/v1/messages", request);
  expect(body).toMatchObject({ code, status, type: `/problems/${code}`, retryable: false });
  expect(headers["content-type"]).toBe("application/problem+json");
  expect(body.errors).toContainEqual({ pointer, detail: expect.stringContaining(detail) });
  expect(JSON.stringify(body)).not.toContain("491701234567");
  expect((await shop.call("GET", "/v1/messages")).body.items).toEqual([]);
});

test("a dry run checks and counts, and stores nothing", async () => {
  const { status, body } = await shop.call("POST", "/v1/messages", {
    ...HELLO,
    to: "01701234567",
    dryRun: true,
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ dryRun: true, to: "+491701234567", alphabet: "gsm7", units: 5 });
  expect(body.segments).toEqual([{ text: "Hello", units: 5 }]);
  expect((await shop.call("GET", "/v1/messages")).body.items).toEqual([]);
});

test("a preview names the characters that force UCS-2, and what transliteration would change", async () => {
  const text = "Straße “8 €” Łódź";
  const plain = await shop.call("POST", "/v1/messages/preview", { text });
  expect(plain.body).toMatchObject({ alphabet: "ucs2", text, replacements: [] });
  expect(plain.body.forcingUcs2.map((one: { character: string }) => one.character).join("")).toBe("“”Łóź");
  const changed = await shop.call("POST", "/v1/messages/preview", { text, transliterate: true });
  expect(changed.body).toMatchObject({ alphabet: "gsm7", text: 'Straße "8 €" Lodz' });
  expect(changed.body.replacements).toHaveLength(5);
  const refused = await shop.call("POST", "/v1/messages/preview", { text, to: "1" });
  expect(refused.body).toMatchObject({ code: "request_invalid" });
});

test("a batch is accepted as a whole", async () => {
  const messages = Array.from({ length: 1_000 }, (_, i) => ({ ...HELLO, text: `Reminder ${i}` }));
  const { status, body } = await shop.call("POST", "/v1/messages/batch", { messages });
  expect(status).toBe(202);
  expect(body.messages.map((message: { text: string }) => message.text)).toEqual(
    messages.map((one) => one.text),
  );
});

test("or not at all, and every message that stands in the way is named", async () => {
  const messages = [HELLO, { ...HELLO, to: "x1" }, HELLO, { ...HELLO, to: "+33612345678" }];
  const refused = await shop.call("POST", "/v1/messages/batch", { messages });
  expect(refused.status).toBe(422);
  expect(refused.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual([
    "/messages/1/to",
    "/messages/3/to",
  ]);
  const long = [HELLO, { ...HELLO, text: "ж".repeat(20_000) }];
  const tooLong = await shop.call("POST", "/v1/messages/batch", { messages: long });
  expect(tooLong.body).toMatchObject({ code: "text_invalid", errors: [{ pointer: "/messages/1/text" }] });
  const wrong = await shop.call("POST", "/v1/messages/batch", { messages: [HELLO, { to: "+49", txt: "" }] });
  expect(wrong.body.errors).toContainEqual({
    pointer: "/messages/1/txt",
    detail: "There is no such field; did you mean text?",
  });
  const many = await shop.call("POST", "/v1/messages/batch", { messages: Array(1_001).fill(HELLO) });
  expect(many.body).toMatchObject({ code: "request_invalid" });
  const mixed = await shop.call("POST", "/v1/messages/batch", {
    messages: [HELLO, { ...HELLO, dryRun: true }],
  });
  expect(mixed.body).toMatchObject({ code: "request_invalid" });
  expect((await shop.call("GET", "/v1/messages")).body.items).toEqual([]);
});

test("lists are newest first, page by cursor and do not shift under new messages", async () => {
  const sent: string[] = [];
  for (let i = 0; i < 7; i++) {
    const { body } = await shop.call("POST", "/v1/messages", { ...HELLO, reference: `r${i % 2}` });
    sent.unshift(body.id);
    await edge.clock.advance(1_000);
  }
  const first = await shop.call("GET", "/v1/messages?limit=3");
  await shop.call("POST", "/v1/messages", HELLO);
  const second = await shop.call("GET", `/v1/messages?limit=3&after=${first.body.nextCursor}`);
  const third = await shop.call("GET", `/v1/messages?limit=3&after=${second.body.nextCursor}`);
  const pages = [first, second, third].map((page) => page.body.items.map((item: { id: string }) => item.id));
  expect(pages.flat()).toEqual(sent);
  expect(third.body.nextCursor).toBeUndefined();
  const ids = async (query: string): Promise<string[]> =>
    (await shop.call("GET", `/v1/messages?${query}`)).body.items.map((item: { id: string }) => item.id);
  expect(await ids("reference=r1")).toEqual([sent[1], sent[3], sent[5]]);
  expect(await ids("to=01701234567")).toHaveLength(8);
  expect(await ids("state=delivered")).toEqual([]);
  expect(await ids("acceptedFrom=2026-01-05T09:00:05Z&acceptedUntil=2026-01-05T09:00:06Z")).toEqual([
    sent[1],
  ]);
  const wrong = await shop.call("GET", "/v1/messages?statte=queued&limit=0");
  expect(wrong.body.errors).toEqual(
    expect.arrayContaining([
      { pointer: "?statte", detail: "There is no such field; did you mean state?" },
      { pointer: "?limit", detail: expect.stringContaining("at least 1") },
    ]),
  );
});

test("a queued message can be taken back, once; a later try is told that it is too late", async () => {
  const { body: message } = await shop.call("POST", "/v1/messages", HELLO);
  const cancelled = await shop.call("POST", `/v1/messages/${message.id}/cancel`);
  expect(cancelled).toMatchObject({ status: 200, body: { id: message.id, state: "cancelled" } });
  const again = await shop.call("POST", `/v1/messages/${message.id}/cancel`);
  expect(again).toMatchObject({
    status: 409,
    body: { code: "too_late_to_cancel", message: { id: message.id, state: "cancelled" } },
  });
});

test("a full outbox says when to come back", async () => {
  await edge.close();
  edge = await openEdge({ queuedSegmentsMax: 2 });
  shop = await edge.caller("messages:write");
  expect((await shop.call("POST", "/v1/messages/batch", { messages: [HELLO, HELLO] })).status).toBe(202);
  const refused = await shop.call("POST", "/v1/messages", HELLO);
  expect(refused).toMatchObject({ status: 503, body: { code: "queue_full", retryable: true } });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
});

test("on a full disk nothing is accepted, and the caller may try again", async () => {
  edge.db.connection.pragma("max_page_count = 1");
  const messages = Array(1_000).fill({ ...HELLO, text: "x".repeat(160) });
  const refused = await shop.call("POST", "/v1/messages/batch", { messages });
  expect(refused).toMatchObject({ status: 503, body: { code: "storage_unavailable", retryable: true } });
  expect(refused.headers["retry-after"]).toBeDefined();
  edge.db.connection.pragma("max_page_count = 1000000");
  expect((await shop.call("GET", "/v1/messages")).body.items).toEqual([]);
  expect((await shop.call("POST", "/v1/messages", HELLO)).status).toBe(202);
});

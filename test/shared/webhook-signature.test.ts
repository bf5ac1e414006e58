import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { seededRandom, systemRandom } from "#shared/random.ts";
import { createWebhookSecret, sign, verify } from "#shared/webhook-signature.ts";

const NOW_MS = 1_800_000_000_000;
const content = { id: "evt_1", timestampSeconds: NOW_MS / 1_000, body: '{"type":"message.delivered"}' };
const secret = createWebhookSecret(seededRandom(1));

test("the specification's own example", () => {
  const headers = sign(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestampSeconds: 1_614_265_330,
    body: '{"test": 2432232314}',
  });
  expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("the reference library signs alike, and takes what we sign", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.json(), (id, body) => {
      const key = createWebhookSecret(systemRandom);
      const now = new Date();
      const timestampSeconds = Math.floor(now.getTime() / 1_000);
      const headers = sign([key], { id, timestampSeconds, body });
      expect(new Webhook(key).sign(id, now, body)).toBe(headers["webhook-signature"]);
      new Webhook(key).verify(body, { ...headers });
    }),
    { numRuns: 50 },
  );
});

test("while a secret is replaced either one verifies", () => {
  const next = createWebhookSecret(seededRandom(2));
  const headers = sign([next, secret], content);
  expect(headers["webhook-signature"].split(" ")).toHaveLength(2);
  expect(verify([secret], { ...headers }, content.body, NOW_MS)).toEqual({ ok: true });
  expect(verify([next], { ...headers }, content.body, NOW_MS)).toEqual({ ok: true });
});

const headers = { ...sign([secret], content) };

test.each<[string, Record<string, unknown>, string, number, string]>([
  ["another body", headers, `${content.body} `, NOW_MS, "no signature fits"],
  ["another id", { ...headers, "webhook-id": "evt_2" }, content.body, NOW_MS, "no signature fits"],
  ["too old", headers, content.body, NOW_MS + 301_000, "five minutes"],
  ["from the future", headers, content.body, NOW_MS - 301_000, "five minutes"],
  ["no signature", { ...headers, "webhook-signature": undefined }, content.body, NOW_MS, "missing"],
  ["another version", { ...headers, "webhook-signature": "v2,aaaa" }, content.body, NOW_MS, "no signature"],
  ["a timestamp that is none", { ...headers, "webhook-timestamp": "soon" }, content.body, NOW_MS, "seconds"],
])("refused: %s", (_, given, body, now, reason) => {
  const result = verify([secret], given, body, now);
  expect(result).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
});

test.each(["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])("no secret: %s", (text) => {
  expect(() => sign([text], content)).toThrow(RangeError);
});

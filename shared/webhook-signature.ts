/**
 * Standard Webhooks 1.0 signatures (github.com/standard-webhooks/standard-webhooks, spec, "Webhook
 * signature"): HMAC-SHA256 over `id.timestamp.body`, in base 64, each marked `v1,`. While a secret is
 * being replaced, one signature by each secret stands in the header, separated by spaces.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Random } from "./random.ts";

const SECRET_PREFIX = "whsec_";
const SECRET_OCTETS = 32;
const SECRET_OCTETS_MIN = 24;
const SECRET_OCTETS_MAX = 64;
const TOLERANCE_SECONDS = 300;
const SIGNATURES_MAX = 20;

export interface WebhookHeaders {
  readonly "webhook-id": string;
  /** Seconds since 1970. */
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

export interface SignedContent {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
}

export type Verification = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export function createWebhookSecret(random: Random): string {
  return SECRET_PREFIX + Buffer.from(random.bytes(SECRET_OCTETS)).toString("base64");
}

/** @throws RangeError when a secret is not `whsec_` and 24 to 64 octets in base 64. */
export function sign(secrets: readonly string[], content: SignedContent): WebhookHeaders {
  return {
    "webhook-id": content.id,
    "webhook-timestamp": String(content.timestampSeconds),
    "webhook-signature": secrets
      .map((secret) => `v1,${digest(secret, content).toString("base64")}`)
      .join(" "),
  };
}

/**
 * Checks a received webhook against each secret that is valid now. `headers` have lower-case names,
 * `body` is the body as it came, before any parsing; `nowMs` is the receiver's clock.
 */
export function verify(
  secrets: readonly string[],
  headers: Readonly<Record<string, unknown>>,
  body: string,
  nowMs: number,
): Verification {
  const [id, stamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(
    (name) => headers[name],
  );
  if (typeof id !== "string" || typeof stamp !== "string" || typeof signatures !== "string")
    return { ok: false, reason: "webhook-id, webhook-timestamp or webhook-signature is missing" };
  if (!/^\d{1,12}$/.test(stamp)) return { ok: false, reason: "webhook-timestamp is not in seconds" };
  const timestampSeconds = Number(stamp);
  if (Math.abs(nowMs / 1000 - timestampSeconds) > TOLERANCE_SECONDS)
    return { ok: false, reason: "webhook-timestamp is more than five minutes away from now" };
  const given = signatures
    .split(" ", SIGNATURES_MAX)
    .filter((signature) => signature.startsWith("v1,"))
    .map((signature) => Buffer.from(signature.slice(3), "base64"));
  const matches = secrets.some((secret) => {
    const expected = digest(secret, { id, timestampSeconds, body });
    return given.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
  });
  return matches ? { ok: true } : { ok: false, reason: "no signature fits" };
}

function digest(secret: string, { id, timestampSeconds, body }: SignedContent): Buffer {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
  const fits = key.length >= SECRET_OCTETS_MIN && key.length <= SECRET_OCTETS_MAX;
  if (!secret.startsWith(SECRET_PREFIX) || !fits)
    throw new RangeError(`a webhook secret is ${SECRET_PREFIX} and 24 to 64 octets in base 64`);
  return createHmac("sha256", key).update(`${id}.${timestampSeconds}.${body}`).digest();
}

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a repeated request is answered like the
 * first one. The key and the hash of the body are stored with the messages, in their transaction, so
 * two requests at the same moment cannot both be the first; the second simply is the repetition.
 */
import { hash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AcceptContext } from "#gateway/messages/types.ts";
import { type Problem, problem } from "#shared/problems.ts";

/** The draft writes the key as a string of RFC 8941, in quotes; most callers send it bare. Both are one key. */
const USABLE = /^[\x21-\x7e]{1,255}$/;
const QUOTED = /^"(.*)"$/;

declare module "fastify" {
  interface FastifyRequest {
    idempotency: NonNullable<AcceptContext["idempotency"]> | null;
  }
}

/**
 * As a `preValidation` hook: the body is hashed as it was sent, before defaults are filled in, so that
 * a new version with other defaults still knows the request again.
 */
export function readIdempotencyKey(
  request: FastifyRequest,
  _reply: FastifyReply,
  done: (error?: Error) => void,
): void {
  const refusal = takeIdempotencyKey(request);
  done(refusal);
}

function takeIdempotencyKey(request: FastifyRequest): Problem | undefined {
  const header = request.headers["idempotency-key"];
  if (header === undefined) return undefined;
  const text = typeof header === "string" ? header.trim() : "";
  const key = QUOTED.exec(text)?.[1] ?? text;
  if (!USABLE.test(key)) return problem("idempotency_key_invalid");
  const bodyHash = hash("sha256", `${request.routeOptions.url}\n${canonical(request.body)}`, "hex");
  request.idempotency = { key, bodyHash };
  return undefined;
}

export function markReplayed(reply: FastifyReply): void {
  reply.header("idempotency-replayed", "true");
}

/** Deeper than any body that the contract takes; what lies below makes no difference, it is refused anyway. */
const DEPTH_MAX = 16;

/** JSON in which the order of members does not matter. */
export function canonical(value: unknown, depth = 0): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (depth > DEPTH_MAX) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(",")}]`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const written = members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member, depth + 1)}`);
  return `{${written.join(",")}}`;
}

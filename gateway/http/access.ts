/** What a key may see beyond what it made itself. */
import type { FastifyRequest } from "fastify";
import { hasScope } from "#shared/api-keys.ts";
import { keyOf } from "#shared/http-server.ts";
import { type Problem, problem } from "#shared/problems.ts";

/** The key whose things may be read: its own, or everybody's (undefined). */
export function readerOf(request: FastifyRequest): string | undefined {
  const key = keyOf(request);
  return hasScope(key.scopes, "read:all") ? undefined : key.id;
}

/** The key whose things may be changed: its own, or everybody's (undefined) for an administrator. */
export function writerOf(request: FastifyRequest): string | undefined {
  const key = keyOf(request);
  return hasScope(key.scopes, "admin") ? undefined : key.id;
}

/** The same answer whether it does not exist or belongs to another key. */
export function notFound(what: string, id: string): Problem {
  return problem("not_found", { detail: `There is no ${what} ${id} for this key.` });
}

/** Bearer keys. Each route under /v1 names the scope it needs; one that forgets does not start. */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type ApiKey, type ApiKeys, hasScope } from "#shared/api-keys.ts";
import { type Problem, problem } from "#shared/problems.ts";

/** Wrong keys that one address may show within a minute before it is asked to wait. */
const FAILURES_PER_MINUTE = 20;
const MINUTE_MS = 60_000;
const ADDRESSES_MAX = 10_000;
const BEARER = /^Bearer +([\x21-\x7e]{1,200})$/i;

declare module "fastify" {
  interface FastifyRequest {
    /** Whose request it is; set on every route that names a scope. */
    apiKey: ApiKey | null;
  }
  interface FastifyContextConfig {
    /** Needed of the key. Absent only on routes outside /v1. */
    scope?: string;
    /** Takes an `Idempotency-Key`; said on the API page. */
    idempotent?: boolean;
    /** What 202 means here, where it is not that a request was taken over; said on the API page. */
    accepted?: string;
  }
}

export interface AuthOptions {
  readonly keys: Pick<ApiKeys, "authenticate">;
  /** Requests a minute that one key may make; 0 is no limit. */
  readonly requestsPerMinute: number;
}

export async function requireKeys(app: FastifyInstance, options: AuthOptions): Promise<void> {
  await app.register(rateLimit, { global: false, cache: ADDRESSES_MAX });
  const failures = app.createRateLimit({
    max: FAILURES_PER_MINUTE,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => `address ${request.ip}`,
  });
  const requests =
    options.requestsPerMinute === 0
      ? undefined
      : app.createRateLimit({
          max: options.requestsPerMinute,
          timeWindow: MINUTE_MS,
          keyGenerator: (request) => `key ${request.apiKey?.id}`,
        });
  app.decorateRequest("apiKey", null);
  app.addHook("onRoute", (route) => {
    if (route.url.startsWith("/v1/") && route.config?.scope === undefined)
      throw new TypeError(`${String(route.method)} ${route.url} names no scope`);
  });
  app.addHook("onRequest", (request, _reply, done) => {
    const { scope } = request.routeOptions.config;
    if (scope === undefined) return done();
    const refusal = identify(request, options.keys, scope);
    if (refusal === undefined && requests === undefined) return done();
    const limit = refusal === undefined ? requests : refusal.code === "key_invalid" ? failures : undefined;
    if (limit === undefined) return done(refusal);
    const what = refusal === undefined ? "requests of this key" : "failed keys from this address";
    limit(request).then(
      (use) => done(!use.isAllowed && use.isExceeded ? tooMany(use.ttlInSeconds, use.max, what) : refusal),
      (error: Error) => done(error),
    );
  });
}

function identify(request: FastifyRequest, keys: AuthOptions["keys"], scope: string): Problem | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return problem("key_missing");
  const text = BEARER.exec(header)?.[1];
  const key = text === undefined ? undefined : keys.authenticate(text);
  if (key === undefined) return problem("key_invalid");
  if (!hasScope(key.scopes, scope))
    return problem("scope_missing", { detail: `This needs the scope ${scope}.` });
  request.apiKey = key;
  return undefined;
}

function tooMany(seconds: number, max: number, what: string): Problem {
  return problem("rate_limited", { retryAfterSeconds: seconds, detail: `At most ${max} ${what} a minute.` });
}

/** The key of a request on a route that names a scope. */
export function keyOf(request: FastifyRequest): ApiKey {
  if (request.apiKey === null) throw new TypeError(`${request.routeOptions.url} names no scope`);
  return request.apiKey;
}

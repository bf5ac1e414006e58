/** /v1/keys of either service: who may call. */
import type { z } from "zod";
import type { ApiKey, ApiKeys } from "#shared/api-keys.ts";
import type { Clock } from "#shared/clock.ts";
import { IdParams } from "#shared/gateway-api/common.ts";
import { Key, KeyList, KeyWithText } from "#shared/gateway-api/keys.ts";
import { type HttpServer, keyOf } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";

const TAGS = ["keys"];

export interface KeyRoutes {
  readonly keys: ApiKeys;
  readonly clock: Clock;
  /** What a new key may be: each service has its own scopes. */
  readonly newKey: z.ZodType<{
    readonly name: string;
    readonly scopes: readonly string[];
    readonly expiresAt?: string | undefined;
  }>;
}

export function serveKeys(app: HttpServer, { keys, clock, newKey }: KeyRoutes): void {
  app.post(
    "/v1/keys",
    {
      config: { scope: "admin" },
      schema: {
        tags: TAGS,
        summary: "Make a key",
        description: "The key is in this answer and nowhere else; only its SHA-256 is stored.",
        body: newKey,
        response: { 201: KeyWithText },
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresAt } = request.body;
      const expiry = expiresAt === undefined ? undefined : Date.parse(expiresAt);
      if (expiry !== undefined && expiry <= clock.now())
        throw problem("request_invalid", {
          errors: [{ pointer: "/expiresAt", detail: "It lies in the past." }],
        });
      const made = await keys.create({
        name,
        scopes,
        ...(expiry === undefined ? {} : { expiresAt: expiry }),
      });
      reply.code(201).header("location", `/v1/keys/${made.key.id}`).header("cache-control", "no-store");
      return { ...renderKey(made.key), key: made.text };
    },
  );
  app.get(
    "/v1/keys",
    {
      config: { scope: "admin" },
      schema: { tags: TAGS, summary: "List keys", response: { 200: KeyList } },
    },
    async () => ({ items: keys.list().map(renderKey) }),
  );
  app.post(
    "/v1/keys/:id/revoke",
    {
      config: { scope: "admin" },
      schema: {
        tags: TAGS,
        summary: "Revoke a key",
        description: "At once and for ever. A key cannot revoke itself, so that an administrator remains.",
        params: IdParams,
        response: { 200: Key },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (id === keyOf(request).id)
        throw problem("request_invalid", { detail: "A key cannot revoke itself; use another one." });
      await keys.revoke(id);
      const key = keys.get(id);
      if (key === undefined) throw problem("not_found", { detail: `There is no key ${id}.` });
      return renderKey(key);
    },
  );
}

function renderKey(key: ApiKey): z.output<typeof Key> {
  return {
    id: key.id,
    name: key.name,
    shown: key.shown,
    scopes: [...key.scopes],
    createdAt: iso(key.createdAt),
    ...(key.expiresAt === undefined ? {} : { expiresAt: iso(key.expiresAt) }),
    ...(key.revokedAt === undefined ? {} : { revokedAt: iso(key.revokedAt) }),
    ...(key.lastUsedAt === undefined ? {} : { lastUsedAt: iso(key.lastUsedAt) }),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** /v1/keys: who may call. */

import type { z } from "zod";
import type { ApiKey } from "#shared/api-keys.ts";
import * as shared from "#shared/gateway-api/keys.ts";
import { type HttpServer, keyOf } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import type { HttpDeps } from "./deps.ts";
import { iso, maybe } from "./render.ts";
import * as api from "./schemas.ts";

const TAGS = ["keys"];

export function serveKeys(app: HttpServer, deps: HttpDeps): void {
  app.post(
    "/v1/keys",
    {
      config: { scope: "admin" },
      schema: {
        tags: TAGS,
        summary: "Make a key",
        description: "The key is in this answer and nowhere else; only its SHA-256 is stored.",
        body: api.NewKey,
        response: { 201: shared.KeyWithText },
      },
    },
    async (request, reply) => {
      const { name, scopes, expiresAt } = request.body;
      const expiry = expiresAt === undefined ? undefined : Date.parse(expiresAt);
      if (expiry !== undefined && expiry <= deps.clock.now())
        throw problem("request_invalid", {
          errors: [{ pointer: "/expiresAt", detail: "It lies in the past." }],
        });
      const made = await deps.keys.create({
        name,
        scopes,
        ...(expiry === undefined ? {} : { expiresAt: expiry }),
      });
      reply.code(201).header("cache-control", "no-store");
      return { ...renderKey(made.key), key: made.text };
    },
  );
  app.get(
    "/v1/keys",
    {
      config: { scope: "admin" },
      schema: { tags: TAGS, summary: "List keys", response: { 200: shared.KeyList } },
    },
    async () => ({ items: deps.keys.list().map(renderKey) }),
  );
  app.post(
    "/v1/keys/:id/revoke",
    {
      config: { scope: "admin" },
      schema: {
        tags: TAGS,
        summary: "Revoke a key",
        description: "At once and for ever. A key cannot revoke itself, so that an administrator remains.",
        params: api.IdParams,
        response: { 200: shared.Key },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (id === keyOf(request).id)
        throw problem("request_invalid", { detail: "A key cannot revoke itself; use another one." });
      await deps.keys.revoke(id);
      const key = deps.keys.get(id);
      if (key === undefined) throw problem("not_found", { detail: `There is no key ${id}.` });
      return renderKey(key);
    },
  );
}

function renderKey(key: ApiKey): z.output<typeof shared.Key> {
  return {
    id: key.id,
    name: key.name,
    shown: key.shown,
    scopes: [...key.scopes],
    createdAt: iso(key.createdAt),
    ...maybe("expiresAt", key.expiresAt),
    ...maybe("revokedAt", key.revokedAt),
    ...maybe("lastUsedAt", key.lastUsedAt),
  };
}

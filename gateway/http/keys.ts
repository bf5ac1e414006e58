/** /v1/keys: who may call. */
import type { ApiKey } from "#shared/api-keys.ts";
import * as api from "#shared/gateway-api.ts";
import { type HttpServer, keyOf } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import { notFound } from "./access.ts";
import type { HttpDeps } from "./deps.ts";
import { renderKey } from "./render.ts";

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
        response: { 201: api.KeyWithText },
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
      reply.code(201).header("location", `/v1/keys/${made.key.id}`).header("cache-control", "no-store");
      return { ...renderKey(made.key), key: made.text };
    },
  );
  app.get(
    "/v1/keys",
    {
      config: { scope: "admin" },
      schema: { tags: TAGS, summary: "List keys", response: { 200: api.KeyList } },
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
        response: { 200: api.Key },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (id === keyOf(request).id)
        throw problem("request_invalid", { detail: "A key cannot revoke itself; use another one." });
      await deps.keys.revoke(id);
      const key: ApiKey | undefined = deps.keys.get(id);
      if (key === undefined) throw notFound("key", id);
      return renderKey(key);
    },
  );
}

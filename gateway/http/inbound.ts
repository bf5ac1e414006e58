/** /v1/inbound: what phones sent to our SIMs. */
import * as api from "#shared/gateway-api.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { notFound } from "./access.ts";
import type { HttpDeps } from "./deps.ts";
import { definedOnly, pageFrom } from "./paging.ts";
import { renderInbound } from "./render.ts";

const TAGS = ["inbound"];

export function serveInbound(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/inbound",
    {
      config: { scope: "inbound:read" },
      schema: {
        tags: TAGS,
        summary: "List received messages, newest first",
        querystring: api.InboundQuery,
        response: { 200: api.InboundPage },
      },
    },
    async (request) => {
      const { limit, ...rest } = request.query;
      const found = await deps.inbox.list({ ...definedOnly(rest), limit: limit + 1 });
      return pageFrom(found, limit, renderInbound);
    },
  );
  app.get(
    "/v1/inbound/:id",
    {
      config: { scope: "inbound:read" },
      schema: {
        tags: TAGS,
        summary: "One received message",
        params: api.IdParams,
        response: { 200: api.InboundMessage },
      },
    },
    async (request) => {
      const { id } = request.params;
      const message = await deps.inbox.get(id);
      if (message === undefined) throw notFound("received message", id);
      return renderInbound(message);
    },
  );
}

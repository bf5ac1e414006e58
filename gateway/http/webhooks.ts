/** /v1/webhooks: where events are posted to. */
import type { FastifyRequest } from "fastify";
import type { Webhook } from "#gateway/webhooks/types.ts";
import * as api from "#shared/gateway-api.ts";
import { type HttpServer, keyOf } from "#shared/http-server.ts";
import { notFound, writerOf } from "./access.ts";
import type { HttpDeps } from "./deps.ts";
import { definedOnly } from "./paging.ts";
import { iso, renderDelivery, renderWebhook } from "./render.ts";

const TAGS = ["webhooks"];
const CONFIG = { scope: "webhooks:write" };

export function serveWebhooks(app: HttpServer, deps: HttpDeps): void {
  serveEndpoints(app, deps);
  serveSecret(app, deps);
  serveTest(app, deps);
  serveReplay(app, deps);
  serveDeliveries(app, deps);
}

/** The webhook of the path, if this key may see it. */
function webhookOf(request: FastifyRequest<{ Params: { id: string } }>, deps: HttpDeps): Webhook {
  const { id } = request.params;
  const webhook = deps.webhooks.get(id, writerOf(request));
  if (webhook === undefined) throw notFound("webhook", id);
  return webhook;
}

function serveEndpoints(app: HttpServer, deps: HttpDeps): void {
  app.post(
    "/v1/webhooks",
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: "Have events posted to an address",
        description:
          "Signed as Standard Webhooks says. The receiver sees what this key may see. The secret is in this " +
          "answer only. Private addresses must be allowed in the settings.",
        body: api.NewWebhook,
        response: { 201: api.WebhookWithSecret },
      },
    },
    async (request, reply) => {
      const { url, events, description, enabled } = request.body;
      const made = await deps.webhooks.create(keyOf(request).id, {
        url,
        enabled,
        ...definedOnly({ events, description }),
      });
      reply.code(201).header("location", `/v1/webhooks/${made.webhook.id}`);
      reply.header("cache-control", "no-store");
      return { ...renderWebhook(made.webhook), secret: made.secret };
    },
  );
  serveReading(app, deps);
  serveChanges(app, deps);
}

function serveReading(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/webhooks",
    {
      config: CONFIG,
      schema: { tags: TAGS, summary: "List webhooks", response: { 200: api.WebhookList } },
    },
    async (request) => ({ items: deps.webhooks.list(writerOf(request)).map(renderWebhook) }),
  );
  app.get(
    "/v1/webhooks/:id",
    {
      config: CONFIG,
      schema: { tags: TAGS, summary: "One webhook", params: api.IdParams, response: { 200: api.Webhook } },
    },
    async (request) => renderWebhook(webhookOf(request, deps)),
  );
}

function serveChanges(app: HttpServer, deps: HttpDeps): void {
  app.patch(
    "/v1/webhooks/:id",
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: "Change a webhook",
        description: "Only the members that are sent. Enabling it again sends what has waited.",
        params: api.IdParams,
        body: api.WebhookChange,
        response: { 200: api.Webhook },
      },
    },
    async (request) => {
      const { id } = webhookOf(request, deps);
      const changed = await deps.webhooks.change(id, definedOnly(request.body));
      if (changed === undefined) throw notFound("webhook", id);
      return renderWebhook(changed);
    },
  );
  app.delete(
    "/v1/webhooks/:id",
    { config: CONFIG, schema: { tags: TAGS, summary: "Remove a webhook", params: api.IdParams } },
    async (request, reply) => {
      await deps.webhooks.remove(webhookOf(request, deps).id);
      return reply.code(204).send();
    },
  );
}

function serveSecret(app: HttpServer, deps: HttpDeps): void {
  app.post(
    "/v1/webhooks/:id/rotate-secret",
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: "Replace the secret",
        description: "For the overlap every request carries two signatures, one by each secret.",
        params: api.IdParams,
        body: api.RotateSecret,
        response: { 200: api.WebhookWithSecret },
      },
    },
    async (request, reply) => {
      const { id } = webhookOf(request, deps);
      const rotated = await deps.webhooks.rotate(id, request.body.overlapSeconds * 1_000);
      if (rotated === undefined) throw notFound("webhook", id);
      reply.header("cache-control", "no-store");
      return { ...renderWebhook(rotated.webhook), secret: rotated.secret };
    },
  );
}

function serveTest(app: HttpServer, deps: HttpDeps): void {
  app.post(
    "/v1/webhooks/:id/test",
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: "Post a test event now",
        description: "Once, of type `webhook.test`; the answer tells how it went.",
        params: api.IdParams,
        response: { 200: api.TestAnswer },
      },
    },
    async (request) => {
      const { id } = webhookOf(request, deps);
      const attempt = await deps.webhooks.test(id);
      if (attempt === undefined) throw notFound("webhook", id);
      const { status, error, durationMs } = attempt;
      return { ok: error === undefined, durationMs, ...definedOnly({ status, error }) };
    },
  );
}

function serveReplay(app: HttpServer, deps: HttpDeps): void {
  app.post(
    "/v1/webhooks/:id/replay",
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: "Send events again",
        description: "One event, or all since a moment. They keep their ids, so a receiver can tell.",
        params: api.IdParams,
        body: api.ReplayRequest,
        response: { 202: api.ReplayAnswer },
      },
    },
    async (request, reply) => {
      const { id } = webhookOf(request, deps);
      const { body } = request;
      const range =
        "eventId" in body
          ? body
          : {
              since: Date.parse(body.since),
              ...(body.until === undefined ? {} : { until: Date.parse(body.until) }),
            };
      const replay = await deps.webhooks.replay(id, range);
      if (replay === undefined) throw notFound("event", "eventId" in body ? body.eventId : iso(0));
      return reply.code(202).send({ ...replay });
    },
  );
}

function serveDeliveries(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/webhooks/:id/deliveries",
    {
      config: CONFIG,
      schema: {
        tags: TAGS,
        summary: "What was sent, and how it went; newest first",
        params: api.IdParams,
        querystring: api.DeliveryQuery,
        response: { 200: api.DeliveryPage },
      },
    },
    async (request) => {
      const { id } = webhookOf(request, deps);
      const { limit, after, state } = request.query;
      const found = deps.webhooks.deliveries(id, {
        limit: limit + 1,
        ...definedOnly({ state, after: after === undefined ? undefined : Number(after) || 0 }),
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map(renderDelivery),
        ...(found.length > limit && last !== undefined ? { nextCursor: String(last.number) } : {}),
      };
    },
  );
}

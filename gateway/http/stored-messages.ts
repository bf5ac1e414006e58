/** /v1/messages: read, cancel, and decide what nobody knows. */
import * as api from "#shared/gateway-api.ts";
import { type HttpServer, keyOf } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import { notFound, readerOf, writerOf } from "./access.ts";
import type { HttpDeps } from "./deps.ts";
import { definedOnly, pageFrom } from "./paging.ts";
import type { Recipients } from "./recipients.ts";
import { renderMessage } from "./render.ts";

const TAGS = ["messages"];

export function serveReading(app: HttpServer, deps: HttpDeps, recipients: Recipients): void {
  app.get(
    "/v1/messages",
    {
      config: { scope: "messages:read" },
      schema: {
        tags: TAGS,
        summary: "List messages, newest first",
        description: "A key sees its own messages; with the scope `read:all` those of every key.",
        querystring: api.MessageQuery,
        response: { 200: api.MessagePage },
      },
    },
    async (request) => {
      const { to, acceptedFrom, acceptedUntil, limit, ...rest } = request.query;
      const keyId = readerOf(request);
      const recipient = to === undefined ? undefined : recipients.judge(to);
      const messages = await deps.messages.list({
        ...definedOnly(rest),
        ...(keyId === undefined ? {} : { keyId }),
        ...(to === undefined ? {} : { to: recipient?.ok ? recipient.to : to }),
        ...(acceptedFrom === undefined ? {} : { acceptedFrom: Date.parse(acceptedFrom) }),
        ...(acceptedUntil === undefined ? {} : { acceptedUntil: Date.parse(acceptedUntil) }),
        limit: limit + 1,
      });
      return pageFrom(messages, limit, renderMessage);
    },
  );
  app.get(
    "/v1/messages/:id",
    {
      config: { scope: "messages:read" },
      schema: {
        tags: TAGS,
        summary: "One message with its segments and their history",
        params: api.IdParams,
        response: { 200: api.Message },
      },
    },
    async (request) => {
      const { id } = request.params;
      const message = await deps.messages.get(id, readerOf(request));
      if (message === undefined) throw notFound("message", id);
      return renderMessage(message);
    },
  );
}

export function serveCancel(app: HttpServer, deps: HttpDeps): void {
  app.post(
    "/v1/messages/:id/cancel",
    {
      config: { scope: "messages:write" },
      schema: {
        tags: TAGS,
        summary: "Take a message back",
        description:
          "200: cancelled, no segment of it was or will be sent. 409 `too_late_to_cancel`: a segment is on the " +
          "air or settled; the answer has the message as it is.",
        params: api.IdParams,
        response: { 200: api.Message },
      },
    },
    async (request) => {
      const { id } = request.params;
      const result = await deps.messages.cancel(id, writerOf(request));
      switch (result.kind) {
        case "cancelled":
          return renderMessage(result.message);
        case "too-late":
          throw problem("too_late_to_cancel", { extra: { message: renderMessage(result.message) } });
        case "not-found":
          throw notFound("message", id);
      }
    },
  );
}

export function serveResolve(app: HttpServer, deps: HttpDeps): void {
  app.post(
    "/v1/messages/:id/resolve",
    {
      config: { scope: "messages:write" },
      schema: {
        tags: TAGS,
        summary: "Decide about what is unknown",
        description:
          "For segments of which nothing told whether they were sent. Who decided is kept in the history. Repeating " +
          "a decision answers 200 and changes nothing. 409 `nothing_unknown`: it is settled otherwise by now; the " +
          "answer has the message as it is.",
        params: api.IdParams,
        body: api.ResolveMessage,
        response: { 200: api.Message },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { id: keyId, name } = keyOf(request);
      const wanted = { ...definedOnly(request.body), outcome: request.body.outcome, by: { id: keyId, name } };
      const result = await deps.messages.resolve(id, wanted, writerOf(request));
      switch (result.kind) {
        case "resolved":
          return renderMessage(result.message);
        case "nothing-unknown":
          throw problem("nothing_unknown", { extra: { message: renderMessage(result.message) } });
        case "not-found":
          throw notFound("message", id);
      }
    },
  );
}

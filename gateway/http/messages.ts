/** /v1/messages: accept and preview. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { AcceptContext, AcceptResult, NewMessage } from "#gateway/messages/types.ts";
import * as api from "#shared/gateway-api.ts";
import { BATCH_BODY_BYTES_MAX, type HttpServer, keyOf } from "#shared/http-server.ts";
import { Problem, problem } from "#shared/problems.ts";
import { asTextProblem, composeMessage, previewText } from "./compose.ts";
import type { HttpDeps } from "./deps.ts";
import { markReplayed, readIdempotencyKey } from "./idempotency.ts";
import { createRecipients, type Recipients, recipientProblem } from "./recipients.ts";
import { renderAccepted } from "./render.ts";
import { serveCancel, serveReading, serveResolve } from "./stored-messages.ts";

const TAGS = ["messages"];
const IDEMPOTENT =
  "Send an `Idempotency-Key` to be safe against sending twice: the same key and body is answered again with the " +
  "first answer, marked `Idempotency-Replayed: true`; the same key with another body is refused with 422. " +
  "Keys are kept for 7 days, each API key has its own.";

export function serveMessages(app: HttpServer, deps: HttpDeps): void {
  const recipients = createRecipients(deps.numbers);
  app.decorateRequest("idempotency", null);
  serveSend(app, deps, recipients);
  serveBatch(app, deps, recipients);
  servePreview(app, recipients);
  serveReading(app, deps, recipients);
  serveCancel(app, deps);
  serveResolve(app, deps);
}

function serveSend(app: HttpServer, deps: HttpDeps, recipients: Recipients): void {
  app.post(
    "/v1/messages",
    {
      config: { scope: "messages:write", idempotent: true },
      preValidation: readIdempotencyKey,
      schema: {
        tags: TAGS,
        summary: "Send a message",
        description: `202 means that it is on disk and survives a power failure. ${IDEMPOTENT}`,
        body: api.SendMessage,
        response: { 200: api.DryRun, 202: api.Message },
      },
    },
    async (request, reply) => {
      const composed = await orReplayed(deps, request, () => [
        composeMessage(request.body, "", recipients, deps.clock),
      ]);
      const [message] = composed.messages;
      if (request.body.dryRun && message !== undefined) return reply.code(200).send(dryRun(message, ""));
      const result = composed.replayed ?? (await accept(deps, request, composed.messages, [""]));
      const [accepted] = answered(result, reply);
      if (accepted === undefined) throw new RangeError("accepting one message gave none");
      return reply.code(202).header("location", `/v1/messages/${accepted.id}`).send(accepted);
    },
  );
}

function serveBatch(app: HttpServer, deps: HttpDeps, recipients: Recipients): void {
  app.post(
    "/v1/messages/batch",
    {
      config: { scope: "messages:write", idempotent: true },
      bodyLimit: BATCH_BODY_BYTES_MAX,
      preValidation: readIdempotencyKey,
      schema: {
        tags: TAGS,
        summary: "Send up to 1,000 messages",
        description: `All are accepted or none; errors name the index. The body may have 4 MB. ${IDEMPOTENT}`,
        body: api.SendBatch,
        response: { 200: api.DryRunBatch, 202: api.MessageBatch },
      },
    },
    async (request, reply) => {
      const wanted = request.body.messages;
      const pointers = wanted.map((_, index) => `/messages/${index}`);
      const dry = wanted.filter((one) => one.dryRun).length;
      if (dry > 0 && dry < wanted.length)
        throw problem("request_invalid", { detail: "dryRun is set on all messages of a batch, or on none." });
      const composed = await orReplayed(deps, request, () => composeAll(wanted, pointers, recipients, deps));
      if (dry > 0) {
        const answers = composed.messages.map((message, index) => dryRun(message, pointers[index] ?? ""));
        return reply.code(200).send({ dryRun: true, messages: answers });
      }
      const result = composed.replayed ?? (await accept(deps, request, composed.messages, pointers));
      return reply.code(202).send({ messages: answered(result, reply) });
    },
  );
}

/** Every message that cannot be sent is named, not only the first one. */
function composeAll(
  wanted: readonly api.ParsedSendMessage[],
  pointers: readonly string[],
  recipients: Recipients,
  deps: HttpDeps,
): NewMessage[] {
  const errors: { pointer: string; detail: string }[] = [];
  const composed: NewMessage[] = [];
  let first: unknown;
  for (const [index, one] of wanted.entries()) {
    const pointer = pointers[index] ?? "";
    try {
      composed.push(composeMessage(one, pointer, recipients, deps.clock));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      first ??= error;
      errors.push(...error.errors);
    }
  }
  if (first instanceof Problem) throw first.withErrors(errors);
  return composed;
}

function dryRun(message: NewMessage, pointer: string) {
  const preview = previewText(message.text, message.transliterate, pointer);
  return { ...preview, to: message.to, dryRun: true as const };
}

interface Composed {
  readonly messages: readonly NewMessage[];
  readonly replayed?: AcceptResult;
}

/**
 * A repeated request gets its first answer even when it could not be accepted any more: its `notAfter`
 * may have passed since, or the settings may have changed.
 */
async function orReplayed(
  deps: HttpDeps,
  request: FastifyRequest,
  compose: () => NewMessage[],
): Promise<Composed> {
  try {
    return { messages: compose() };
  } catch (error) {
    const replayed =
      request.idempotency === null ? undefined : await deps.messages.recall(contextOf(request));
    if (replayed === undefined) throw error;
    return { messages: [], replayed };
  }
}

function contextOf(request: FastifyRequest): AcceptContext {
  const { idempotency } = request;
  const keyId = keyOf(request).id;
  return idempotency === null ? { keyId } : { keyId, idempotency };
}

async function accept(
  deps: HttpDeps,
  request: FastifyRequest,
  messages: readonly NewMessage[],
  pointers: readonly string[],
): Promise<AcceptResult> {
  try {
    return await deps.messages.accept(messages, contextOf(request));
  } catch (error) {
    throw asTextProblem(
      error,
      messages.map((message, index) => ({ ...message, pointer: pointers[index] ?? "" })),
    );
  }
}

/** The messages as the first answer had them. @throws Problem */
function answered(result: AcceptResult, reply: FastifyReply): api.Message[] {
  switch (result.kind) {
    case "replayed":
      markReplayed(reply);
      return result.messages.map(renderAccepted);
    case "accepted":
      return result.messages.map(renderAccepted);
    case "conflict":
      throw problem("idempotency_key_reused");
    case "full":
      throw problem("queue_full", { retryAfterSeconds: result.retryAfterMs / 1_000 });
  }
}

function servePreview(app: HttpServer, recipients: Recipients): void {
  app.post(
    "/v1/messages/preview",
    {
      config: { scope: "messages:write" },
      schema: {
        tags: TAGS,
        summary: "See how a text would be sent",
        description: "The alphabet, the segments, and the characters that force the larger alphabet.",
        body: api.PreviewRequest,
        response: { 200: api.Preview },
      },
    },
    async (request) => {
      const { text, to, transliterate } = request.body;
      const preview = previewText(text, transliterate, "");
      if (to === undefined) return preview;
      const recipient = recipients.judge(to);
      if (!recipient.ok) throw recipientProblem(recipient, "/to");
      return { to: recipient.to, ...preview };
    },
  );
}

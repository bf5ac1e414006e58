/**
 * The gateway as the scheduler sees it: HTTP, and answers as values. What matters most is the line
 * between "it was not accepted" and "nobody knows": only the idempotency key settles the second.
 */

import type { z } from "zod";
import type { Clock } from "#shared/clock.ts";
import { EventPage, type EventType } from "#shared/gateway-api/events.ts";
import { ModemList, SimList } from "#shared/gateway-api/fleet.ts";
import { InboundMessage } from "#shared/gateway-api/inbound.ts";
import { Message, MessagePage, type SendMessage } from "#shared/gateway-api/messages.ts";
import { WebhookList, WebhookWithSecret } from "#shared/gateway-api/webhooks.ts";
import { parseJson } from "#shared/json.ts";
import { ProblemDetails } from "#shared/problems/details.ts";

export type SendResult =
  /** On the gateway's disk; `replayed` when it was before. */
  | { readonly kind: "accepted"; readonly message: Message; readonly replayed: boolean }
  /** The key is known there with another body: there is a message already. */
  | { readonly kind: "key-reused" }
  /** Not accepted, and never will be as it stands. */
  | { readonly kind: "refused"; readonly code: string; readonly detail: string }
  /** Not accepted now. */
  | { readonly kind: "busy"; readonly code: string; readonly retryAfterMs?: number }
  /** No answer, or none that can be read: it may have been accepted. */
  | { readonly kind: "no-answer"; readonly detail: string };

export type Answer<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "not-found" }
  | { readonly kind: "no-answer"; readonly detail: string };

export type CancelAnswer =
  | { readonly kind: "cancelled" }
  | { readonly kind: "too-late" }
  | { readonly kind: "not-found" }
  | { readonly kind: "no-answer"; readonly detail: string };

export interface Fleet {
  readonly modems: z.output<typeof ModemList>["items"];
  readonly sims: z.output<typeof SimList>["items"];
}

export interface GatewayClient {
  send(key: string, body: SendMessage): Promise<SendResult>;
  get(id: string): Promise<Answer<Message>>;
  /** The newest message with this reference. */
  find(reference: string): Promise<Answer<Message>>;
  cancel(id: string): Promise<CancelAnswer>;
  events(after: number, types: readonly EventType[], limit: number): Promise<Answer<EventList>>;
  inbound(id: string): Promise<Answer<InboundMessage>>;
  fleet(): Promise<Answer<Fleet>>;
  webhooks(): Promise<Answer<z.output<typeof WebhookList>["items"]>>;
  createWebhook(
    url: string,
    events: readonly EventType[],
  ): Promise<Answer<z.output<typeof WebhookWithSecret>>>;
  deleteWebhook(id: string): Promise<Answer<undefined>>;
}

export type EventList = z.output<typeof EventPage>;

export interface GatewayClientOptions {
  /** `http://127.0.0.1:8025` */
  readonly url: string;
  readonly key: string;
  /** The clock of the wire, which runs as the world does: it times the requests. */
  readonly clock: Clock;
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

const REQUEST_TIMEOUT_MS = 15_000;
/** Answers longer than this are not the gateway's. A page of 500 events of long texts is below it. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export function createGatewayClient(options: GatewayClientOptions): GatewayClient {
  const call = caller(options);

  async function read<T extends z.ZodType>(path: string, schema: T): Promise<Answer<z.output<T>>> {
    return answer(await call("GET", path), schema);
  }

  return {
    async send(key, body) {
      return sendResult(await call("POST", "/v1/messages", { body, headers: { "idempotency-key": key } }));
    },
    get: (id) => read(`/v1/messages/${encodeURIComponent(id)}`, Message),
    async find(reference) {
      const page = await read(`/v1/messages?limit=1&reference=${encodeURIComponent(reference)}`, MessagePage);
      if (page.kind !== "ok") return page;
      const [message] = page.value.items;
      return message === undefined ? { kind: "not-found" } : { kind: "ok", value: message };
    },
    async cancel(id) {
      const reply = await call("POST", `/v1/messages/${encodeURIComponent(id)}/cancel`);
      if (typeof reply === "string") return { kind: "no-answer", detail: reply };
      if (reply.status >= 200 && reply.status < 300) return { kind: "cancelled" };
      if (reply.status === 404) return { kind: "not-found" };
      return problemCode(reply) === "too_late_to_cancel"
        ? { kind: "too-late" }
        : { kind: "no-answer", detail: describe(reply) };
    },
    events(after, types, limit) {
      const wanted = types.map((type) => `&type=${type}`).join("");
      return read(`/v1/events?after=${after}&limit=${limit}${wanted}`, EventPage);
    },
    inbound: (id) => read(`/v1/inbound/${encodeURIComponent(id)}`, InboundMessage),
    async fleet() {
      const [modems, sims] = await Promise.all([read("/v1/modems", ModemList), read("/v1/sims", SimList)]);
      if (modems.kind !== "ok") return modems;
      if (sims.kind !== "ok") return sims;
      return { kind: "ok", value: { modems: modems.value.items, sims: sims.value.items } };
    },
    async webhooks() {
      const list = await read("/v1/webhooks", WebhookList);
      return list.kind === "ok" ? { kind: "ok", value: list.value.items } : list;
    },
    async createWebhook(url, events) {
      const body = { url, events, description: "Dunlin scheduler" };
      return answer(await call("POST", "/v1/webhooks", { body }), WebhookWithSecret);
    },
    async deleteWebhook(id) {
      const reply = await call("DELETE", `/v1/webhooks/${encodeURIComponent(id)}`);
      if (typeof reply === "string") return { kind: "no-answer", detail: reply };
      if (reply.status === 404) return { kind: "not-found" };
      return reply.status < 300 ? { kind: "ok", value: undefined } : failure(reply);
    },
  };
}

interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request. A text instead of a reply says why there was none. */
function caller(options: GatewayClientOptions) {
  const send = options.fetch ?? fetch;
  return async (method: string, path: string, call: CallOptions = {}): Promise<Reply | string> => {
    const abort = new AbortController();
    const stop = options.clock.timer(options.timeoutMs ?? REQUEST_TIMEOUT_MS, () => abort.abort());
    try {
      const response = await send(new URL(path, options.url), {
        method,
        headers: {
          authorization: `Bearer ${options.key}`,
          ...(call.body === undefined ? {} : { "content-type": "application/json" }),
          ...call.headers,
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        redirect: "error",
        signal: abort.signal,
      });
      const text = await response.text();
      if (text.length > ANSWER_BYTES_MAX) return "the answer is too long";
      return { status: response.status, headers: response.headers, body: parseJson(text) };
    } catch (error) {
      return abort.signal.aborted ? "no answer in time" : networkFault(error);
    } finally {
      stop();
    }
  };
}

function sendResult(reply: Reply | string): SendResult {
  if (typeof reply === "string") return { kind: "no-answer", detail: reply };
  if (reply.status === 202 || reply.status === 200) {
    const message = Message.safeParse(reply.body);
    if (!message.success) return { kind: "no-answer", detail: "the answer does not fit the contract" };
    const replayed = reply.headers.get("idempotency-replayed") === "true";
    return { kind: "accepted", message: message.data, replayed };
  }
  const problem = ProblemDetails.safeParse(reply.body);
  // A proxy's error page says nothing about what the gateway did before it.
  if (!problem.success) return { kind: "no-answer", detail: `status ${reply.status} without a problem` };
  const { code, retryable, detail, title } = problem.data;
  if (code === "idempotency_key_reused") return { kind: "key-reused" };
  if (code === "internal_error") return { kind: "no-answer", detail: code };
  if (!retryable) return { kind: "refused", code, detail: detail ?? title };
  const seconds = Number(reply.headers.get("retry-after") ?? Number.NaN);
  return { kind: "busy", code, ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}) };
}

function answer<T extends z.ZodType>(reply: Reply | string, schema: T): Answer<z.output<T>> {
  if (typeof reply === "string") return { kind: "no-answer", detail: reply };
  if (reply.status === 404) return { kind: "not-found" };
  if (reply.status < 200 || reply.status > 299) return failure(reply);
  const parsed = schema.safeParse(reply.body);
  return parsed.success
    ? { kind: "ok", value: parsed.data }
    : { kind: "no-answer", detail: "the answer does not fit the contract" };
}

function failure(reply: Reply): { kind: "no-answer"; detail: string } {
  return { kind: "no-answer", detail: describe(reply) };
}

function describe(reply: Reply): string {
  return `status ${reply.status} ${problemCode(reply) ?? "without a problem"}`;
}

function problemCode(reply: Reply): string | undefined {
  const problem = ProblemDetails.safeParse(reply.body);
  return problem.success ? problem.data.code : undefined;
}

function networkFault(error: unknown): string {
  const cause = (error as { cause?: { code?: unknown } }).cause;
  return typeof cause?.code === "string" ? cause.code : "no connection";
}

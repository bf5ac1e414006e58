/** The few calls the demo makes, to the gateway and to the simulator's control API. */
import { request } from "node:http";
import { GatewayEvent, Message } from "#shared/gateway-api.ts";

export interface GatewayClient {
  send(body: Readonly<Record<string, unknown>>): Promise<Message>;
  message(id: string): Promise<Message>;
  /** Calls back for each event until the signal aborts. Resolves when the stream is open: none is missed after. */
  follow(onEvent: (event: GatewayEvent) => void, signal: AbortSignal): Promise<void>;
}

export function createGatewayClient(baseUrl: string, key: string): GatewayClient {
  const headers = { authorization: `Bearer ${key}` };
  return {
    send: async (body) => Message.parse(await callJson(`${baseUrl}/v1/messages`, "POST", body, headers)),
    message: async (id) =>
      Message.parse(await callJson(`${baseUrl}/v1/messages/${id}`, "GET", undefined, headers)),
    follow: (onEvent, signal) => followEvents(`${baseUrl}/v1/events/stream`, headers, onEvent, signal),
  };
}

/** One HTTP call that must succeed. @throws Error with the answer's own words when it does not. */
export async function callJson(
  url: string,
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}: ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

/** Server-sent events (WHATWG HTML 9.2): the `data:` lines of each block are one event. */
function followEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
  onEvent: (event: GatewayEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let rest = "";
  const call = request(url, { headers: { ...headers, accept: "text/event-stream" }, signal }, (answer) => {
    resolve();
    answer.setEncoding("utf8");
    answer.on("error", () => undefined);
    answer.on("data", (text: string) => {
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) for (const event of eventsOf(block)) onEvent(event);
    });
  });
  // The stream ends with the demo; the table is then complete or no longer looked at.
  call.on("error", () => resolve());
  call.end();
  return promise;
}

function eventsOf(block: string): GatewayEvent[] {
  const data = block
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trim())
    .join("\n");
  const event = data === "" ? undefined : GatewayEvent.safeParse(JSON.parse(data));
  return event?.success ? [event.data] : [];
}

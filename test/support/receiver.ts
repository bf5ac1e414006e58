/** A webhook receiver on loopback: answers as it is told, and keeps what it got. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what came is what the test looks at
  readonly body: any;
}

/** A status; or what to do with the request. */
export type Reaction = number | ((request: Received, response: ServerResponse) => void);

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** How the next requests are answered: the first one by the first, the rest by the last. */
  react(...reactions: Reaction[]): void;
  /** Resolves when so many requests have come in all. */
  until(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let reactions: Reaction[] = [204];
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = createServer((request, response) => {
    readText(request).then((text) => {
      const one = { headers: request.headers, text, body: JSON.parse(text) as unknown };
      received.push(one);
      const reaction = (reactions.length > 1 ? reactions.shift() : reactions[0]) ?? 204;
      if (typeof reaction === "number") response.writeHead(reaction).end();
      else reaction(one, response);
      for (const waiter of waiting) if (received.length >= waiter.count) waiter.resolve();
      waiting = waiting.filter((waiter) => received.length < waiter.count);
    }, response.destroy);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    react(...next) {
      reactions = next;
    },
    until: (count) =>
      received.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ count, resolve })),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** The gateway's HTTP side on a real database, without modems: for tests of the contract. */
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import { GatewaySettings } from "#gateway/config.ts";
import { openCore } from "#gateway/core.ts";
import { openEdge as openGatewayEdge, webhooksOf } from "#gateway/edge.ts";
import type { Events } from "#gateway/messages/events.ts";
import type { EventType } from "#gateway/messages/types.ts";
import type { Resolve } from "#gateway/webhooks/target.ts";
import type { Webhooks } from "#gateway/webhooks/types.ts";
import type { ApiKeys } from "#shared/api-keys.ts";
import type { Scope } from "#shared/gateway-api.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { type Logger, silentLogger } from "#shared/logger.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import type { Database } from "#shared/sqlite.ts";

export interface EdgeOptions {
  readonly settings?: object;
  readonly log?: Logger;
  readonly queuedSegmentsMax?: number;
  readonly resolve?: Resolve;
}

export interface Caller {
  readonly key: string;
  readonly keyId: string;
  call(
    method: "GET" | "POST" | "PATCH" | "DELETE",
    url: string,
    body?: unknown,
    headers?: object,
  ): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: LightMyRequestResponse["headers"];
  // biome-ignore lint/suspicious/noExplicitAny: an answer's body is what the test looks at
  readonly body: any;
}

export interface Edge {
  readonly app: HttpServer;
  readonly clock: SimulatedClock;
  readonly db: Database;
  readonly keys: ApiKeys;
  readonly events: Events;
  readonly webhooks: Webhooks;
  caller(...scopes: Scope[]): Promise<Caller>;
  /** Writes an event as the rest of the gateway would; resolves after the commit. */
  tell(type: EventType, data?: Record<string, unknown>, messageId?: string): Promise<number>;
  /** A second set of loops on the same database, as after a restart. */
  restartWebhooks(): Promise<void>;
  close(): Promise<void>;
}

export async function openEdge(options: EdgeOptions = {}): Promise<Edge> {
  const settings = GatewaySettings.parse(options.settings ?? { numbers: { homeCountry: "DE" } });
  const clock = new SimulatedClock();
  const random = seededRandom(1);
  const log = options.log ?? silentLogger;
  const core = openCore({
    databasePath: ":memory:",
    clock,
    random,
    log,
    modems: [],
    limits: { queuedSegmentsMax: options.queuedSegmentsMax ?? 1_000_000 },
  });
  const { db } = core;
  const events = core.events as Events;
  const deps = { core, settings, clock, random, log, checkAnswers: true, resolve: options.resolve };
  const { keys, webhooks, app } = await openGatewayEdge(deps);
  const started = [webhooks];
  core.start();
  await core.started;
  webhooks.start();
  return {
    app,
    clock,
    db,
    keys,
    events,
    webhooks,
    caller: (...scopes) => openCaller(app, keys, scopes),
    async tell(type, data, messageId) {
      const sequence = await db.write(() => {
        const message = messageId === undefined ? undefined : nextOf(db, messageId);
        return events.append({ type, at: clock.now(), ...message, ...(data === undefined ? {} : { data }) });
      });
      events.announce(sequence);
      return sequence;
    },
    async restartWebhooks() {
      const again = webhooksOf(deps, keys);
      started.push(again);
      again.start();
    },
    async close() {
      await Promise.all(started.map((one) => one.stop()));
      await app.close();
      await core.stop();
    },
  };
}

function nextOf(db: Database, messageId: string): { message: number; messageSequence: number } {
  db.sql("update message set events = events + 1 where id = ?").run(messageId);
  const row = db.sql("select number, events from message where id = ?").get(messageId) as {
    number: number;
    events: number;
  };
  return { message: row.number, messageSequence: row.events };
}

async function openCaller(app: HttpServer, keys: ApiKeys, scopes: readonly Scope[]): Promise<Caller> {
  const { text, key } = await keys.create({ name: scopes.join(" "), scopes });
  return {
    key: text,
    keyId: key.id,
    async call(method, url, body, headers = {}) {
      const request: InjectOptions = {
        method,
        url,
        headers: { authorization: `Bearer ${text}`, ...headers },
      };
      if (body !== undefined) request.payload = body as object;
      const response = await app.inject(request);
      const isJson = String(response.headers["content-type"]).includes("json");
      return {
        status: response.statusCode,
        headers: response.headers,
        body: isJson ? response.json() : response.body,
      };
    },
  };
}

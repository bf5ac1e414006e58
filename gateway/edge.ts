/**
 * What the world calls: API keys, webhooks, HTTP. These are half of the code that a start reads, so
 * `main.ts` loads them while the modems are being woken.
 */
import { Registry } from "prom-client";
import { type ApiKeys, createApiKeys } from "#shared/api-keys.ts";
import type { Clock } from "#shared/clock.ts";
import { closeHttpServer, type HttpServer } from "#shared/http-server.ts";
import type { Logger } from "#shared/logger.ts";
import type { Random } from "#shared/random.ts";
import type { Checkpoint } from "./checkpoints.ts";
import type { GatewaySettings } from "./config.ts";
import type { Core } from "./core.ts";
import { createGatewayServer } from "./http/server.ts";
import { createTargetGuard, type Resolve } from "./webhooks/target.ts";
import type { Webhooks } from "./webhooks/types.ts";
import { createWebhooks } from "./webhooks/webhooks.ts";

export interface EdgeDeps {
  readonly core: Core;
  readonly settings: Pick<GatewaySettings, "http" | "numbers" | "webhooks">;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly checkpoint?: Checkpoint | undefined;
  /** Checks every answer against the contract; for tests. */
  readonly checkAnswers?: boolean | undefined;
  /** How the names of receivers are looked up; the system's way unless told. */
  readonly resolve?: Resolve | undefined;
}

export interface Edge {
  readonly keys: ApiKeys;
  /** Not started yet. */
  readonly webhooks: Webhooks;
  /** Not listening yet. */
  readonly app: HttpServer;
  /** Answers what is on its way, ends the streams and the posts. */
  close(): Promise<void>;
}

export async function openEdge(deps: EdgeDeps): Promise<Edge> {
  const { core, settings, clock, random, log } = deps;
  const keys = createApiKeys({ db: core.db, clock, random, ids: core.ids });
  const webhooks = webhooksOf(deps, keys);
  const app = await createGatewayServer(
    {
      ...core,
      keys,
      webhooks,
      clock,
      log,
      metrics: new Registry(),
      counts: core.metrics,
      numbers: settings.numbers,
      checkDatabase: () => core.db.write(() => undefined),
    },
    { ...settings.http, checkAnswers: deps.checkAnswers ?? false },
  );
  const close = async (): Promise<void> => {
    await closeHttpServer(app, clock);
    await webhooks.stop();
  };
  return { keys, webhooks, app, close };
}

/** Not started yet. */
export function webhooksOf(deps: EdgeDeps, keys: ApiKeys): Webhooks {
  const { core, settings, clock, random, log, checkpoint } = deps;
  return createWebhooks({
    db: core.db,
    events: core.events,
    keys,
    clock,
    random,
    ids: core.ids,
    log,
    guard: createTargetGuard(settings.webhooks, deps.resolve),
    ...(checkpoint === undefined ? {} : { checkpoint }),
  });
}

/** The gateway's HTTP side: every route of /v1, put on the server that both services share. */
import { NewKey } from "#shared/gateway-api/keys.ts";
import { serveKeys } from "#shared/http/key-routes.ts";
import { createHttpServer, type HttpServer, type ReadyCheck } from "#shared/http-server.ts";
import { DatabaseUnavailable } from "#shared/sqlite.ts";
import { gatewayApi } from "./api.ts";
import type { HttpDeps } from "./deps.ts";
import { serveEvents } from "./events.ts";
import { serveFleet } from "./fleet.ts";
import { serveInbound } from "./inbound.ts";
import { serveMessages } from "./messages.ts";
import { measureGateway } from "./metrics.ts";
import { serveStream } from "./stream.ts";
import { serveWebhooks } from "./webhooks.ts";

export interface GatewayServerOptions {
  readonly trustProxy: readonly string[];
  readonly requestsPerMinute: number;
  readonly checkAnswers?: boolean;
}

export async function createGatewayServer(
  deps: HttpDeps,
  options: GatewayServerOptions,
): Promise<HttpServer> {
  const app = await createHttpServer({
    api: gatewayApi,
    log: deps.log,
    ids: deps.ids,
    keys: deps.keys,
    health: { ready: () => readiness(deps), metrics: deps.metrics },
    ...options,
  });
  serveMessages(app, deps);
  serveInbound(app, deps);
  serveFleet(app, deps);
  serveEvents(app, deps);
  serveStream(app, deps);
  serveWebhooks(app, deps);
  serveKeys(app, { ...deps, newKey: NewKey });
  measureGateway(deps);
  return app;
}

/** Ready is: messages can be stored, and at least one modem can send them. */
async function readiness(deps: HttpDeps): Promise<readonly ReadyCheck[]> {
  return [await databaseCheck(deps), modemCheck(deps)];
}

async function databaseCheck(deps: HttpDeps): Promise<ReadyCheck> {
  try {
    await deps.checkDatabase();
    return { name: "database", ok: true, detail: "It takes writes." };
  } catch (error) {
    const detail = error instanceof DatabaseUnavailable ? error.message : "It does not answer.";
    return { name: "database", ok: false, detail };
  }
}

function modemCheck(deps: HttpDeps): ReadyCheck {
  const modems = deps.fleet.modems();
  const ready = modems.filter((modem) => modem.state === "ready").length;
  if (ready > 0) return { name: "modems", ok: true, detail: `${ready} of ${modems.length} are ready.` };
  const detail =
    modems.length === 0
      ? "No modem is configured; add a section [[modems]] to the settings."
      : modems.map((modem) => `${modem.name} is ${modem.state}`).join(", ");
  return { name: "modems", ok: false, detail };
}

/** /v1/modems and /v1/sims: what the fleet looks like now. */
import * as api from "#shared/gateway-api.ts";
import type { HttpServer } from "#shared/http-server.ts";
import type { HttpDeps } from "./deps.ts";
import { renderSim } from "./render.ts";

const TAGS = ["fleet"];

export function serveFleet(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/modems",
    {
      config: { scope: "fleet:read" },
      schema: { tags: TAGS, summary: "The modems and their state", response: { 200: api.ModemList } },
    },
    async () => ({ items: deps.fleet.modems().map((modem) => ({ ...modem })) }),
  );
  app.get(
    "/v1/sims",
    {
      config: { scope: "fleet:read" },
      schema: { tags: TAGS, summary: "The SIMs, their use and limits", response: { 200: api.SimList } },
    },
    async () => ({ items: (await deps.fleet.sims()).map(renderSim) }),
  );
}

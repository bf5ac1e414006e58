/** /v1/modems and /v1/sims: what the fleet looks like now. */
import * as api from "#shared/gateway-api.ts";
import { type HttpServer, keyOf } from "#shared/http-server.ts";
import { notFound } from "./access.ts";
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
  serveParking(app, deps);
}

/** The gateway parks a SIM by itself (no credit, barred); whether it may work again a person decides. */
function serveParking(app: HttpServer, deps: HttpDeps): void {
  const simOf = async (iccid: string): Promise<api.SimInfo> => {
    const sim = (await deps.fleet.sims()).find((one) => one.iccid === iccid);
    if (sim === undefined) throw notFound("SIM", iccid);
    return renderSim(sim);
  };
  app.post(
    "/v1/sims/:iccid/park",
    {
      config: { scope: "admin" },
      schema: {
        tags: TAGS,
        summary: "Take a SIM out of service",
        description: "What is on the air is finished; nothing more is sent through it until it is released.",
        params: api.SimParams,
        body: api.ParkRequest,
        response: { 200: api.SimInfo },
      },
    },
    async (request) => {
      const { iccid } = request.params;
      await simOf(iccid);
      await deps.sims.parkSim(iccid, request.body.reason);
      return simOf(iccid);
    },
  );
  app.post(
    "/v1/sims/:iccid/release",
    {
      config: { scope: "admin" },
      schema: {
        tags: TAGS,
        summary: "Put a parked SIM back into service",
        params: api.SimParams,
        response: { 200: api.SimInfo },
      },
    },
    async (request) => {
      const { iccid } = request.params;
      await simOf(iccid);
      await deps.sims.releaseSim(iccid, keyOf(request).id);
      return simOf(iccid);
    },
  );
}

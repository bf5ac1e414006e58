/** How the service stands, and the few things that only an operator may decide. */

import type { z } from "zod";
import { countDue } from "#scheduler/ledger/due.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { callerOf } from "./caller.ts";
import type { HttpDeps } from "./deps.ts";
import { iso, maybe } from "./render.ts";
import * as api from "./schemas.ts";

const TAGS = ["operations"];
const DUE_COUNTED_MAX = 100_000;

export function serveOperations(app: HttpServer, deps: HttpDeps): void {
  const { engine } = deps;
  app.get(
    "/v1/status",
    {
      config: { scope: "run:read" },
      schema: { tags: TAGS, summary: "How it stands", response: { 200: api.Status } },
    },
    async () => status(deps),
  );
  app.post(
    "/v1/catch-up/approve",
    {
      config: { scope: "run:write" },
      schema: {
        tags: TAGS,
        summary: "Let reminders go on after long downtime",
        description:
          "`GET /v1/status` says under `gates` why they wait. `done` is false where nothing waited for it.",
        response: { 200: api.Done },
      },
    },
    async (request) => {
      const done = await engine.operator.approveCatchUp(callerOf(request));
      engine.loop.wake();
      return { done };
    },
  );
  serveClock(app, deps);
}

function serveClock(app: HttpServer, deps: HttpDeps): void {
  const { engine } = deps;
  app.post(
    "/v1/clock/accept",
    {
      config: { scope: "run:write" },
      schema: {
        tags: TAGS,
        summary: "Confirm that the clock is right",
        description:
          "After it jumped. Check it first: everything that became due by the jump is decided next.",
        response: { 200: api.Done },
      },
    },
    async (request) => {
      await engine.guard.accept();
      const by = callerOf(request);
      await deps.db.write(() => {
        for (const kind of ["set-back", "jumped-ahead"])
          engine.tasks.closeSubject("clock-jumped", kind, `accepted by ${by}`, deps.clock.now());
      });
      engine.loop.wake();
      return { done: true };
    },
  );
}

function status(deps: HttpDeps): z.output<typeof api.Status> {
  const { db, engine } = deps;
  const now = deps.clock.now();
  const { segments, queued, free, sims } = engine.fleet.capacity();
  const scan = db.sql("select ended_at as at, cases, differences from scan order by id desc limit 1").get() as
    | { at: number; cases: number; differences: number }
    | undefined;
  return {
    now: iso(now),
    clock: engine.guard.verdict().kind,
    gates: engine.operator.gates(now).map(({ rule, detail }) => ({ rule, detail })),
    dueCases: countDue(db, now, DUE_COUNTED_MAX),
    openCases: db.sql("select count(*) from dunning_case where settled_at is null").pluck().get() as number,
    underWay: engine.occurrences.countUnsettled(),
    fleet: { segments, queued, free, sims: sims.length },
    ...maybe("lastTickAt", engine.loop.lastTickAt()),
    ...(scan === undefined ? {} : { lastScan: { ...scan, at: iso(scan.at) } }),
  };
}

/** Reports as JSON, or as CSV for a spreadsheet. */

import type { Socket } from "node:net";
import { z } from "zod";
import { makeReport, REPORT_NAMES, type ReportQuery } from "#scheduler/reports/reports.ts";
import { type ReportTable, toCsv } from "#scheduler/reports/table.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { addDays } from "#shared/local-date.ts";
import { problem } from "#shared/problems.ts";
import type { HttpDeps } from "./deps.ts";
import * as api from "./schemas.ts";

const DAYS_DEFAULT = 30;

const Params = z.strictObject({ name: z.enum(REPORT_NAMES) });

export function serveReports(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/reports/:name",
    {
      config: { scope: "run:read" },
      schema: {
        tags: ["reports"],
        summary: "Aging, recovered amounts, delivery, opt-outs, cost",
        description:
          "Days are in UTC. A payment counts for the last reminder within 30 days before it. " +
          "`format=csv` answers with a file in which no cell can run as a formula.",
        params: Params,
        querystring: api.ReportQuery,
        response: { 200: api.Report },
      },
    },
    async (request, reply) => {
      const query = spanOf(deps, request.query);
      const { signal, release } = gone(request.raw.socket);
      const table = await makeReport(deps, request.params.name, query, { signal }).finally(release);
      // Nobody waits for it any more.
      if (table === undefined) throw problem("not_found", { detail: "The request was given up." });
      if (request.query.format === "json") return rendered(table);
      return reply
        .header("content-type", "text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="${table.name}.csv"`)
        .serializer((text) => text as unknown as string)
        .send(toCsv(table) as never);
    },
  );
}

/** Aborts when the caller hangs up: a report of years is not made for nobody. */
function gone(socket: Socket): { readonly signal: AbortSignal; readonly release: () => void } {
  const ending = new AbortController();
  const end = (): void => ending.abort();
  socket.once("close", end);
  return { signal: ending.signal, release: () => socket.off("close", end) };
}

function spanOf(
  deps: HttpDeps,
  query: { from?: string | undefined; until?: string | undefined },
): ReportQuery {
  const today = deps.zones.dateAt(deps.clock.now(), "Etc/UTC");
  const last = query.until ?? today;
  const first = query.from ?? addDays(last, -DAYS_DEFAULT);
  if (first > last)
    throw problem("request_invalid", { errors: [{ pointer: "?from", detail: "It lies after `until`." }] });
  return {
    from: deps.zones.startOfDay(first, "Etc/UTC"),
    until: deps.zones.startOfDay(addDays(last, 1), "Etc/UTC"),
  };
}

function rendered(table: ReportTable): z.output<typeof api.Report> {
  return {
    name: table.name,
    columns: [...table.columns],
    rows: table.rows.map((row) => {
      const given = Object.entries(row).filter(
        (entry): entry is [string, string | number] => entry[1] !== undefined,
      );
      return Object.fromEntries(given);
    }),
  };
}

/** What goes out today, tomorrow, in the next days, if nothing else happens. */

import { z } from "zod";
import { FORECAST_DAYS_MAX, forecastCase } from "#scheduler/decide/forecast.ts";
import type { ForecastTotals } from "#scheduler/decide/totals.ts";
import { findCase } from "#scheduler/ledger/due.ts";
import type { ForecastService } from "#scheduler/reports/forecast-service.ts";
import { without } from "#scheduler/run/plan.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { decimalText } from "#shared/money.ts";
import { problem } from "#shared/problems.ts";
import type { HttpDeps } from "./deps.ts";
import { ASK_AGAIN_SECONDS, iso, UNDER_WAY } from "./render.ts";
import * as api from "./schemas.ts";

const DAYS_DEFAULT = 30;

const Query = z.strictObject({
  days: z.coerce.number().int().min(1).max(FORECAST_DAYS_MAX).default(DAYS_DEFAULT),
});

const DayTotal = z.object({
  date: api.Day,
  messages: z.int(),
  segments: z.int(),
  cost: z.string().meta({ description: "In the currency of the settings" }),
  needApproval: z.int().meta({ description: "Messages that a person must approve first" }),
  bySteps: z.record(z.string(), z.int()),
});

const Forecast = z
  .object({
    asOf: api.Timestamp,
    cases: z.int(),
    messages: z.int(),
    segments: z.int(),
    cost: z.string(),
    costCurrency: z.string(),
    days: z
      .array(DayTotal)
      .meta({ description: "By the debtors' own days; days without messages are left out" }),
    ends: z
      .record(z.string(), z.int())
      .meta({ description: "How many cases end their forecast by which rule" }),
  })
  .meta({ id: "Forecast" });

const CaseForecast = z
  .object({
    case: z.string(),
    messages: z.array(
      z.object({
        at: api.Timestamp,
        day: api.Day,
        step: z.string(),
        class: z.string(),
        amount: z.string(),
        template: z.string(),
        segments: z.int(),
        needsApproval: z.boolean(),
      }),
    ),
    end: z.object({ kind: z.string(), rule: z.string(), at: api.Timestamp }),
  })
  .meta({ id: "CaseForecast" });

export function serveForecast(app: HttpServer, deps: HttpDeps, service: ForecastService): void {
  app.get(
    "/v1/forecast",
    {
      config: { scope: "run:read", accepted: UNDER_WAY },
      schema: {
        tags: ["forecast"],
        summary: "All cases, as totals by day",
        description:
          "Equal to what then happens while no new fact arrives. 202 while a large portfolio is worked on.",
        querystring: Query,
        response: { 200: Forecast, 202: api.Working },
      },
    },
    async (request, reply) => {
      const answer = await service.totals(request.query.days);
      if (answer.kind === "working") {
        reply.code(202).header("retry-after", ASK_AGAIN_SECONDS);
        return { done: answer.done, total: answer.total };
      }
      return renderTotals(answer.totals, answer.asOf, deps.costCurrency);
    },
  );
  app.delete(
    "/v1/forecast",
    {
      config: { scope: "run:read" },
      schema: {
        tags: ["forecast"],
        summary: "End the forecast that is being worked on",
        response: { 200: api.Done },
      },
    },
    async () => ({ done: service.stop() }),
  );
  serveCaseForecast(app, deps);
}

function serveCaseForecast(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/cases/:code/forecast",
    {
      config: { scope: "run:read" },
      schema: {
        tags: ["forecast"],
        summary: "One case",
        params: api.CodeParams,
        querystring: Query,
        response: { 200: CaseForecast },
      },
    },
    async (request) => {
      const found = findCase(deps.db, request.params.code);
      const now = deps.clock.now();
      const facts = found === undefined ? undefined : deps.brain.facts(found.id, now);
      if (facts === undefined)
        throw problem("not_found", { detail: `There is no case ${request.params.code}.` });
      const forecast = forecastCase(deps.brain, deps.zones, without(facts, []), now, request.query);
      return {
        case: facts.case.code,
        messages: forecast.entries.map((entry) => ({
          at: iso(entry.at),
          day: entry.date,
          step: entry.stepId,
          class: entry.class,
          amount: decimalText(entry.amount, facts.case.currency),
          template: entry.template,
          segments: entry.segments,
          needsApproval: entry.needsApproval,
        })),
        end: { ...forecast.end, at: iso(forecast.end.at) },
      };
    },
  );
}

function renderTotals(totals: ForecastTotals, asOf: number, costCurrency: string): z.output<typeof Forecast> {
  return {
    asOf: iso(asOf),
    cases: totals.cases,
    messages: totals.messages,
    segments: totals.segments,
    cost: cost(totals.costMicro),
    costCurrency,
    days: totals.days.map(({ costMicro, overCapacity: _over, ...day }) => ({
      ...day,
      bySteps: { ...day.bySteps },
      cost: cost(costMicro),
    })),
    ends: { ...totals.ends },
  };
}

function cost(micro: number): string {
  return (micro / 1_000_000).toFixed(2);
}

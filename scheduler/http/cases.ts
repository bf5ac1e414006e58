/** What was decided for a case and why, what it was sent, and the yes that a message may need. */

import { z } from "zod";
import { findCase } from "#scheduler/ledger/due.ts";
import type { Case } from "#scheduler/ledger/types.ts";
import { readMessages } from "#scheduler/reports/case-messages.ts";
import { type NextMessage, nextMessage } from "#scheduler/reports/next-message.ts";
import type { LoggedDecision } from "#scheduler/run/decision-log.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { decimalText } from "#shared/money.ts";
import { problem } from "#shared/problems.ts";
import { callerOf } from "./caller.ts";
import type { HttpDeps } from "./deps.ts";
import { iso, maybe } from "./render.ts";
import * as api from "./schemas.ts";

const TAGS = ["cases"];
const DECISIONS_MAX = 200;

const DecisionQuery = z.strictObject({
  day: api.Day.optional().meta({ description: "Only this day of the debtor's, with what held as it began" }),
});

export function serveCases(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/cases/:code/decisions",
    {
      config: { scope: "run:read" },
      schema: {
        tags: TAGS,
        summary: "Why, or why not",
        params: api.CodeParams,
        querystring: DecisionQuery,
        response: { 200: api.Decisions },
      },
    },
    async (request) => {
      const known = caseOf(deps, request.params.code);
      const { day } = request.query;
      const { decisions } = deps.engine;
      const found =
        day === undefined ? decisions.latest(known.id, DECISIONS_MAX) : decisions.ofDay(known.id, day);
      return { case: known.code, decisions: found.map(renderDecision) };
    },
  );
  app.get(
    "/v1/cases/:code/messages",
    {
      config: { scope: "run:read" },
      schema: {
        tags: TAGS,
        summary: "What it was sent, with the three times of each message",
        params: api.CodeParams,
        response: { 200: api.CaseMessages },
      },
    },
    async (request) => {
      const known = caseOf(deps, request.params.code);
      return { items: readMessages(deps.db, known.id).map(renderMessage) };
    },
  );
  serveNext(app, deps);
}

function serveNext(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/cases/:code/next",
    {
      config: { scope: "run:read" },
      schema: {
        tags: TAGS,
        summary: "What it would be told as things stand, word for word",
        description: "To be read before a message is approved. Nothing is sent by reading it.",
        params: api.CodeParams,
        response: { 200: api.NextMessage },
      },
    },
    async (request) => {
      const known = caseOf(deps, request.params.code);
      const next = nextMessage(deps.brain, known.id, deps.clock.now());
      if (next === undefined) throw problem("not_found", { detail: `There is no case ${known.code}.` });
      return renderNext(known.code, next);
    },
  );
  app.post(
    "/v1/cases/:code/approve",
    {
      config: { scope: "run:write" },
      schema: {
        tags: TAGS,
        summary: "Approve the message that waits for a yes",
        params: api.CodeParams,
        response: { 200: api.Approval },
      },
    },
    async (request) => {
      const known = caseOf(deps, request.params.code);
      const result = await deps.engine.operator.approveMessage(known.id, callerOf(request));
      deps.engine.loop.wake();
      if (result.kind === "approved") return { case: known.code, step: result.stepId };
      const detail = result.kind === "not-found" ? "There is no such case." : result.detail;
      throw problem("not_found", { detail: `Nothing waits for approval: ${detail}` });
    },
  );
}

function caseOf(deps: HttpDeps, code: string): Case {
  const found = findCase(deps.db, code);
  if (found === undefined) throw problem("not_found", { detail: `There is no case ${code}.` });
  return found;
}

function renderNext(code: string, next: NextMessage): z.output<typeof api.NextMessage> {
  const { decision, needsApproval, message } = next;
  const { kind, rule, because: detail } = decision;
  const base = { case: code, kind, rule, detail, needsApproval };
  if (message === undefined) return base;
  const { stepId, amount, currency, notBefore, composed } = message;
  const text =
    composed.kind === "text"
      ? { text: composed.text, segments: composed.segments, template: composed.template }
      : { blocked: composed.detail };
  return {
    ...base,
    message: {
      step: stepId,
      class: message.class,
      amount: decimalText(amount, currency),
      currency,
      notBefore: iso(notBefore),
      ...text,
    },
  };
}

function renderDecision(entry: LoggedDecision): z.output<typeof api.Decision> {
  return {
    at: iso(entry.at),
    day: entry.day,
    kind: entry.kind,
    detail: entry.detail,
    rules: entry.rules.map((rule) => ({ ...rule })),
    ...maybe("nextAt", entry.nextAt),
  };
}

function renderMessage(row: ReturnType<typeof readMessages>[number]): z.output<typeof api.CaseMessage> {
  const { plannedFor, acceptedAt, submittedAt, deliveredAt, ...rest } = row;
  return {
    ...rest,
    plannedFor: iso(plannedFor),
    ...maybe("acceptedAt", acceptedAt),
    ...maybe("submittedAt", submittedAt),
    ...maybe("deliveredAt", deliveredAt),
  };
}

/** Work for people, and what debtors wrote. */

import type { z } from "zod";
import { findCase } from "#scheduler/ledger/due.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Task } from "#scheduler/run/tasks.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import { callerOf } from "./caller.ts";
import type { HttpDeps } from "./deps.ts";
import { iso, maybe } from "./render.ts";
import * as api from "./schemas.ts";

export function serveTasks(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/tasks",
    {
      config: { scope: "run:read" },
      schema: {
        tags: ["tasks"],
        summary: "Work for people, newest first",
        querystring: api.TaskQuery,
        response: { 200: api.TaskPage },
      },
    },
    async (request) => {
      const { case: code, limit, ...query } = request.query;
      const caseId = code === undefined ? undefined : caseIdOf(deps, code);
      const found = deps.engine.tasks.list({
        state: query.state,
        limit: limit + 1,
        ...(query.kind === undefined ? {} : { kind: query.kind }),
        ...(query.after === undefined ? {} : { after: query.after }),
        ...(caseId === undefined ? {} : { caseId }),
      });
      return page(found, limit, (task) => renderTask(deps, task));
    },
  );
  app.post(
    "/v1/tasks/:id/close",
    {
      config: { scope: "run:write" },
      schema: {
        tags: ["tasks"],
        summary: "Say what was done",
        params: api.TaskIdParams,
        body: api.CloseTask,
        response: { 200: api.Task },
      },
    },
    async (request) => {
      const { id } = request.params;
      const by = callerOf(request);
      await deps.db.write(() => deps.engine.tasks.close(id, by, request.body.outcome, deps.clock.now()));
      const task = deps.engine.tasks.get(id);
      if (task === undefined) throw problem("not_found", { detail: `There is no task ${id}.` });
      return renderTask(deps, task);
    },
  );
  serveReplies(app, deps);
}

function serveReplies(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/replies",
    {
      config: { scope: "run:read" },
      schema: {
        tags: ["tasks"],
        summary: "What debtors wrote, newest first",
        querystring: api.ReplyQuery,
        response: { 200: api.ReplyPage },
      },
    },
    async (request) => {
      const { limit, after, case: code } = request.query;
      const rows = deps.db
        .sql(
          `select reply.*, dunning_case.code as code from reply left join dunning_case on dunning_case.id = case_id
           where (:caseId is null or case_id = :caseId) and (:after is null or reply.id < :after)
           order by reply.id desc limit :limit`,
        )
        .all({
          caseId: code === undefined ? null : caseIdOf(deps, code),
          after: after ?? null,
          limit: limit + 1,
        }) as ReplyRow[];
      return page(rows, limit, renderReply);
    },
  );
}

interface ReplyRow {
  readonly id: string;
  readonly at: number;
  readonly text: string;
  readonly intent: string;
  readonly sure: number;
  readonly code: string | null;
  readonly answered_by: string | null;
}

function renderReply(row: ReplyRow): z.output<typeof api.Reply> {
  return {
    id: row.id,
    at: iso(row.at),
    text: row.text,
    intent: row.intent,
    sure: row.sure === 1,
    answered: row.answered_by !== null,
    ...(row.code === null ? {} : { case: row.code }),
  };
}

function renderTask(deps: HttpDeps, task: Task): z.output<typeof api.Task> {
  const code =
    task.caseId === undefined
      ? undefined
      : (deps.db.sql("select code from dunning_case where id = ?").pluck().get(task.caseId) as string);
  return {
    id: task.id,
    kind: task.kind,
    subject: task.subject,
    detail: task.detail,
    openedAt: iso(task.openedAt),
    repeats: task.repeats,
    ...(code === undefined ? {} : { case: code }),
    ...maybe("closedAt", task.closedAt),
    ...(task.closedBy === undefined ? {} : { closedBy: task.closedBy }),
    ...(task.outcome === undefined ? {} : { outcome: task.outcome }),
  };
}

function caseIdOf(deps: HttpDeps, code: string): RowId {
  const found = findCase(deps.db, code);
  if (found === undefined) throw problem("not_found", { detail: `There is no case ${code}.` });
  return found.id;
}

function page<T extends { readonly id: string }, R>(
  found: readonly T[],
  limit: number,
  render: (item: T) => R,
): { items: R[]; nextCursor?: string } {
  const last = found[limit - 1];
  return {
    items: found.slice(0, limit).map(render),
    ...(found.length > limit && last !== undefined ? { nextCursor: last.id } : {}),
  };
}

/** Reading the ledger: creditors, cases, the trail. */
import type { z } from "zod";
import type { HttpDeps } from "#scheduler/http/deps.ts";
import { iso, maybe } from "#scheduler/http/render.ts";
import { CodeParams } from "#scheduler/http/schemas.ts";
import { findCase } from "#scheduler/ledger/due.ts";
import { type EventFilter, type EventKind, readEvents } from "#scheduler/ledger/events.ts";
import { creditorsOf, findDebtor } from "#scheduler/ledger/parties.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import { caseSummaries } from "#scheduler/ledger/views.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import * as answers from "./answers.ts";
import { present, wrongQuery } from "./inputs.ts";
import { codeOf, renderCase, renderCreditor } from "./render.ts";
import * as api from "./schemas.ts";
import { creditorOf, missing } from "./upserts.ts";

const READ = { scope: "ledger:read" };
const TAGS = ["ledger"];

export function serveViews(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/creditors",
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: "Creditors, by id",
        querystring: api.ListQuery,
        response: { 200: answers.CreditorPage },
      },
    },
    async (request) => {
      const { after, limit } = request.query;
      const rows = creditorsOf(deps.db, after ?? "", limit + 1);
      const items = rows.slice(0, limit).map((row) => renderCreditor(deps.db, row));
      return pageOf(items, rows.length > limit, items.at(-1)?.id);
    },
  );
  app.get(
    "/v1/cases/:code",
    {
      config: READ,
      schema: {
        tags: ["cases"],
        summary: "One case: what is open, what holds it",
        params: CodeParams,
        response: { 200: answers.Case },
      },
    },
    async (request) => {
      const known = findCase(deps.db, request.params.code);
      const facts = known && deps.brain.facts(known.id, deps.clock.now());
      if (facts === undefined)
        throw problem("not_found", { detail: `There is no case ${request.params.code}.` });
      return renderCase(facts);
    },
  );
  serveCaseList(app, deps);
  serveEvents(app, deps);
}

function serveCaseList(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/cases",
    {
      config: READ,
      schema: {
        tags: ["cases"],
        summary: "Cases, in the order in which they were opened",
        querystring: api.CaseQuery,
        response: { 200: answers.CasePage },
      },
    },
    async (request) => {
      const { after, limit, state } = request.query;
      const last = after === undefined ? undefined : findCase(deps.db, after);
      if (after !== undefined && last === undefined)
        throw wrongQuery("after", "It is no case code of this list.");
      const rows = caseSummaries(deps.db, {
        ...whose(deps, request.query),
        state,
        after: last?.id ?? 0,
        limit: limit + 1,
      });
      const items = rows.slice(0, limit).map(({ nextActionAt, ...row }) => ({
        ...row,
        ...maybe("nextActionAt", nextActionAt),
      }));
      return pageOf(items, rows.length > limit, items.at(-1)?.case);
    },
  );
}

function serveEvents(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/events",
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: "The trail: every change, by whom and when, oldest first",
        description: "Keep the last `sequence` and send it as `after`: no change is missed.",
        querystring: api.EventQuery,
        response: { 200: answers.LedgerEventPage },
      },
    },
    async (request) => {
      const { after, limit, kind, case: code } = request.query;
      const sequence = Number(after ?? 0);
      if (!Number.isSafeInteger(sequence)) throw wrongQuery("after", "It is the sequence of an event.");
      const known = code === undefined ? undefined : findCase(deps.db, code);
      if (code !== undefined && known === undefined)
        throw problem("not_found", { detail: `There is no case ${code}.` });
      const filter: EventFilter = {
        ...whose(deps, request.query),
        ...(kind === undefined ? {} : { kind: kind as EventKind }),
        ...(known === undefined ? {} : { caseId: known.id, debtorId: known.debtorId }),
        after: sequence,
        limit: limit + 1,
      };
      const rows = readEvents(deps.db, filter);
      const items = rows.slice(0, limit).map(
        (row): z.output<typeof answers.LedgerEvent> => ({
          sequence: row.sequence,
          at: iso(row.at),
          actor: row.actor,
          kind: row.kind,
          ...(row.caseId === undefined ? {} : { case: codeOf(deps.db, row.caseId) }),
          ...(row.data === undefined ? {} : { data: { ...row.data } }),
        }),
      );
      return pageOf(items, rows.length > limit, items.at(-1)?.sequence.toString());
    },
  );
}

function whose(
  deps: HttpDeps,
  query: { readonly creditor?: string | undefined; readonly debtor?: string | undefined },
): { creditorId?: RowId; debtorId?: RowId } {
  if (query.creditor === undefined) {
    if (query.debtor !== undefined) throw wrongQuery("debtor", "Name its creditor as well.");
    return {};
  }
  const creditor = creditorOf(deps, query.creditor);
  if (query.debtor === undefined) return { creditorId: creditor.id };
  const debtor = findDebtor(deps.db, creditor.id, query.debtor);
  if (debtor === undefined) throw missing("debtor", query.debtor);
  return { creditorId: creditor.id, debtorId: debtor.id };
}

function pageOf<T>(items: T[], more: boolean, cursor: string | undefined) {
  return { items, ...present({ nextCursor: more ? cursor : undefined }) };
}

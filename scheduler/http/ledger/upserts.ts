/** Upserts by the caller's own ids. The same call twice changes nothing the second time. */

import type { z } from "zod";
import type { HttpDeps } from "#scheduler/http/deps.ts";
import { findEntry } from "#scheduler/ledger/entries.ts";
import type { LedgerInput, LedgerOutcome } from "#scheduler/ledger/ledger.ts";
import type { Outcome } from "#scheduler/ledger/outcome.ts";
import { findCreditor, findDebtor } from "#scheduler/ledger/parties.ts";
import type { StoredEntry, StoredReceivable } from "#scheduler/ledger/plan-items.ts";
import type { StoredCreditor, StoredDebtor } from "#scheduler/ledger/plan-parties.ts";
import { findReceivable } from "#scheduler/ledger/receivables.ts";
import { BATCH_BODY_BYTES_MAX, type HttpServer, keyOf } from "#shared/http-server.ts";
import { Problem, problem } from "#shared/problems.ts";
import * as answers from "./answers.ts";
import { changeBy, debtorInput, ENTRY_KINDS, entryInput, present, receivableInput } from "./inputs.ts";
import { asProblem, taken } from "./refusals.ts";
import { renderCreditor, renderDebtor, renderEntry, renderReceivable } from "./render.ts";
import * as api from "./schemas.ts";

const WRITE = { scope: "ledger:write" };
const READ = { scope: "ledger:read" };
const TAGS = ["ledger"];

export function creditorOf(deps: HttpDeps, externalId: string): StoredCreditor {
  const creditor = findCreditor(deps.db, externalId);
  if (creditor === undefined) throw problem("not_found", { detail: `There is no creditor ${externalId}.` });
  return creditor;
}

export function missing(what: string, id: string) {
  return problem("not_found", { detail: `There is no ${what} ${id} of this creditor.` });
}

export function told<Row>(outcome: Exclude<Outcome<Row>, { kind: "refused" }>) {
  const changes = "changes" in outcome ? outcome.changes.map((change) => ({ ...change })) : [];
  return { outcome: outcome.kind, changes };
}

export function statusOf(outcome: { readonly kind: string }): 200 | 201 {
  return outcome.kind === "created" ? 201 : 200;
}

export function serveUpserts(app: HttpServer, deps: HttpDeps): void {
  serveCreditors(app, deps);
  serveDebtors(app, deps);
  serveReceivables(app, deps);
  serveEntries(app, deps);
  serveBatch(app, deps);
}

function serveCreditors(app: HttpServer, deps: HttpDeps): void {
  app.put(
    "/v1/creditors/:creditor",
    {
      config: { scope: "admin" },
      schema: {
        tags: TAGS,
        summary: "Make or change a creditor",
        params: api.CreditorParams,
        body: api.CreditorInput,
        response: { 200: answers.CreditorResult, 201: answers.CreditorResult },
      },
    },
    async (request, reply) => {
      const { asOf, ...body } = request.body;
      const change = changeBy(keyOf(request).name, deps.clock.now(), asOf);
      const input = { externalId: request.params.creditor, ...present(body) };
      const outcome = taken(await deps.ledger.putCreditor(input, change));
      reply.code(statusOf(outcome));
      return { ...told(outcome), creditor: renderCreditor(deps.db, outcome.row) };
    },
  );
  app.get(
    "/v1/creditors/:creditor",
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: "One creditor, and how far its feeds reach",
        params: api.CreditorParams,
        response: { 200: answers.Creditor },
      },
    },
    async (request) => renderCreditor(deps.db, creditorOf(deps, request.params.creditor)),
  );
}

function serveDebtors(app: HttpServer, deps: HttpDeps): void {
  app.put(
    "/v1/creditors/:creditor/debtors/:id",
    {
      config: WRITE,
      schema: {
        tags: TAGS,
        summary: "Make or change a debtor",
        params: api.ItemParams,
        body: api.DebtorInput,
        response: { 200: answers.DebtorResult, 201: answers.DebtorResult },
      },
    },
    async (request, reply) => {
      const creditor = creditorOf(deps, request.params.creditor);
      const change = changeBy(keyOf(request).name, deps.clock.now(), request.body.asOf);
      const input = debtorInput(request.params.id, request.body, creditor);
      const outcome = taken(
        (await applyOne(
          deps,
          creditor,
          { what: "debtor", contacts: "replace", input },
          change,
        )) as Outcome<StoredDebtor>,
      );
      reply.code(statusOf(outcome));
      return { ...told(outcome), debtor: renderDebtor(deps.db, creditor.externalId, outcome.row) };
    },
  );
  app.get(
    "/v1/creditors/:creditor/debtors/:id",
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: "One debtor with numbers, cases and holds",
        params: api.ItemParams,
        response: { 200: answers.Debtor },
      },
    },
    async (request) => {
      const creditor = creditorOf(deps, request.params.creditor);
      const row = findDebtor(deps.db, creditor.id, request.params.id);
      if (row === undefined) throw missing("debtor", request.params.id);
      return renderDebtor(deps.db, creditor.externalId, row);
    },
  );
}

function serveReceivables(app: HttpServer, deps: HttpDeps): void {
  app.put(
    "/v1/creditors/:creditor/receivables/:id",
    {
      config: WRITE,
      schema: {
        tags: TAGS,
        summary: "Make or change a receivable",
        params: api.ItemParams,
        body: api.ReceivableInput,
        response: { 200: answers.ReceivableResult, 201: answers.ReceivableResult },
      },
    },
    async (request, reply) => {
      const creditor = creditorOf(deps, request.params.creditor);
      const change = changeBy(keyOf(request).name, deps.clock.now(), request.body.asOf);
      const input = receivableInput(request.params.id, request.body);
      const outcome = taken(
        (await applyOne(deps, creditor, { what: "receivable", input }, change)) as Outcome<StoredReceivable>,
      );
      reply.code(statusOf(outcome));
      return { ...told(outcome), receivable: renderReceivable(deps.db, outcome.row) };
    },
  );
  app.get(
    "/v1/creditors/:creditor/receivables/:id",
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: "One receivable and what is open of it",
        params: api.ItemParams,
        response: { 200: answers.Receivable },
      },
    },
    async (request) => {
      const row = findReceivable(deps.db, creditorOf(deps, request.params.creditor).id, request.params.id);
      if (row === undefined) throw missing("receivable", request.params.id);
      return renderReceivable(deps.db, row);
    },
  );
}

function serveEntries(app: HttpServer, deps: HttpDeps): void {
  app.put(
    "/v1/creditors/:creditor/:kind/:id",
    {
      config: WRITE,
      schema: {
        tags: TAGS,
        summary: "Record a payment, credit note, fee, interest or write-off",
        description:
          "What it names may come later: it waits until then. With `reversed: true` a payment counts nothing from " +
          "then on. A payment goes to the receivables that it names, then to the oldest of those issued by then; the " +
          "rest stays as credit. Fees and interest are owed from their date on: one that comes after the payment opens " +
          "the receivable that it names by its own amount, and no other. A write-off takes what is open at the end of " +
          "its date; a payment that names the receivable later takes the write-off back.",
        params: api.EntryParams,
        body: api.EntryInput,
        response: { 200: answers.EntryResult, 201: answers.EntryResult },
      },
    },
    async (request, reply) => {
      const { kind, id } = request.params;
      const creditor = creditorOf(deps, request.params.creditor);
      const change = changeBy(keyOf(request).name, deps.clock.now(), request.body.asOf);
      const input = entryInput(ENTRY_KINDS[kind], id, request.body);
      const outcome = taken(
        (await applyOne(deps, creditor, { what: "entry", input }, change)) as Outcome<StoredEntry>,
      );
      reply.code(statusOf(outcome));
      return { ...told(outcome), entry: renderEntry(deps.db, outcome.row) };
    },
  );
  app.get(
    "/v1/creditors/:creditor/:kind/:id",
    {
      config: READ,
      schema: {
        tags: TAGS,
        summary: "One payment, credit note, fee, interest or write-off",
        params: api.EntryParams,
        response: { 200: answers.Entry },
      },
    },
    async (request) => {
      const { kind, id } = request.params;
      const row = findEntry(deps.db, creditorOf(deps, request.params.creditor).id, ENTRY_KINDS[kind], id);
      if (row === undefined) throw missing(ENTRY_KINDS[kind], id);
      return renderEntry(deps.db, row);
    },
  );
}

function serveBatch(app: HttpServer, deps: HttpDeps): void {
  app.post(
    "/v1/creditors/:creditor/batch",
    {
      config: WRITE,
      bodyLimit: BATCH_BODY_BYTES_MAX,
      schema: {
        tags: TAGS,
        summary: "Many upserts in one transaction",
        description: "An item that is refused changes nothing and does not keep the others back.",
        params: api.CreditorParams,
        body: api.BatchInput,
        response: { 200: answers.BatchResult },
      },
    },
    async (request) => {
      const creditor = creditorOf(deps, request.params.creditor);
      const { asOf, items } = request.body;
      const change = changeBy(keyOf(request).name, deps.clock.now(), asOf);
      const inputs = items.map((item, i) => batchInput(item, i, creditor));
      const outcomes = await deps.ledger.apply(creditor, inputs, change);
      return { items: outcomes.map((outcome, i) => renderOutcome(items[i]?.id ?? "", outcome)) };
    },
  );
}

type BatchItem = z.output<typeof api.BatchInput>["items"][number];

function batchInput(item: BatchItem, index: number, creditor: StoredCreditor): LedgerInput {
  try {
    switch (item.what) {
      case "debtor":
        return { what: "debtor", contacts: "replace", input: debtorInput(item.id, item.debtor, creditor) };
      case "receivable":
        return { what: "receivable", input: receivableInput(item.id, item.receivable) };
      case "entry":
        return { what: "entry", input: entryInput(ENTRY_KINDS[item.kind], item.id, item.entry) };
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const errors = error.errors.map(({ pointer, detail }) => ({
      pointer: `/items/${index}/${item.what}${pointer}`,
      detail,
    }));
    throw problem("request_invalid", { errors });
  }
}

function renderOutcome(id: string, outcome: LedgerOutcome) {
  if (outcome.kind !== "refused") return { id, ...told(outcome as Outcome<never> & { kind: "unchanged" }) };
  const { field, detail } = outcome.refusal;
  return {
    id,
    outcome: "refused" as const,
    changes: [],
    problem: { code: asProblem(outcome.refusal).code, field, detail },
  };
}

async function applyOne(
  deps: HttpDeps,
  creditor: StoredCreditor,
  input: LedgerInput,
  change: Parameters<HttpDeps["ledger"]["apply"]>[2],
): Promise<LedgerOutcome> {
  const [outcome] = await deps.ledger.apply(creditor, [input], change);
  if (outcome === undefined) throw new Error("the ledger gave no answer to an input");
  return outcome;
}

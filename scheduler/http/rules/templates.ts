/** Texts: read, put as a draft, approved, taken back. */

import type { z } from "zod";
import { callerOf } from "#scheduler/http/caller.ts";
import type { HttpDeps } from "#scheduler/http/deps.ts";
import { present } from "#scheduler/http/ledger/inputs.ts";
import { iso, maybe } from "#scheduler/http/render.ts";
import type { TemplateEdit, TemplateHead } from "#scheduler/policy/edit/texts.ts";
import type { StoredTemplate } from "#scheduler/policy/templates/store.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import { textProblem } from "./refusals.ts";
import * as api from "./schemas.ts";

const TAGS = ["rules"];
const PATH = "/v1/templates/:key/:language";

export function serveTemplates(app: HttpServer, deps: HttpDeps): void {
  const { texts, clock } = deps;
  app.get(
    "/v1/templates",
    {
      config: { scope: "rules:read" },
      schema: {
        tags: TAGS,
        summary: "The texts, in every language",
        querystring: api.TextQuery,
        response: { 200: api.TextPage },
      },
    },
    async (request) => pageOfHeads(await texts.heads(), request.query),
  );
  app.get(
    PATH,
    {
      config: { scope: "rules:read" },
      schema: {
        tags: TAGS,
        summary: "The versions of a text, with who wrote and who approved them",
        params: api.TextParams,
        response: { 200: api.TextVersions },
      },
    },
    async (request) => {
      const { key, language } = request.params;
      const found = await texts.versions(key, language);
      if (found.length === 0)
        throw problem("not_found", { detail: `There is no text "${key}" in "${language}".` });
      return { items: found.map(renderVersion) };
    },
  );
  app.put(
    PATH,
    {
      config: { scope: "rules:write" },
      schema: {
        tags: TAGS,
        summary: "Write a new version, as a draft",
        description:
          "Answers with its lint report, tried on samples and on what your creditors write. It leaves nobody before it is approved.",
        params: api.TextParams,
        body: api.PutText,
        response: { 200: api.TextVersion },
      },
    },
    async (request) => {
      const draft = { ...request.params, ...present(request.body) };
      return done(await texts.put(draft, callerOf(request), clock.now()));
    },
  );
  serveApproval(app, deps);
}

function serveApproval(app: HttpServer, { texts, clock, rulesEdited }: HttpDeps): void {
  app.post(
    `${PATH}/approve`,
    {
      config: { scope: "rules:approve" },
      schema: {
        tags: TAGS,
        summary: "Approve a draft: from now on it leaves",
        description: "Refused while the lint has an error. Every case is looked at again.",
        params: api.TextParams,
        body: api.TextVersionChoice,
        response: { 200: api.TextVersion },
      },
    },
    async (request) => {
      const { key, language } = request.params;
      const by = callerOf(request);
      const edit = await texts.approve(key, language, request.body.version, by, clock.now());
      if (edit.kind === "done") await rulesEdited();
      return done(edit);
    },
  );
  app.post(
    `${PATH}/retire`,
    {
      config: { scope: "rules:approve" },
      schema: {
        tags: TAGS,
        summary: "Take a version back",
        description:
          "The version approved before it holds again; where there is none, the language is blocked.",
        params: api.TextParams,
        body: api.TextVersionChoice,
        response: { 200: api.TextVersion },
      },
    },
    async (request) => {
      const { key, language } = request.params;
      const edit = await texts.retire(key, language, request.body.version);
      if (edit.kind === "done") await rulesEdited();
      return done(edit);
    },
  );
}

function done(edit: TemplateEdit): z.output<typeof api.TextVersion> {
  if (edit.kind === "refused") throw textProblem(edit.refusal);
  return renderVersion(edit.template);
}

type Query = z.output<typeof api.TextQuery>;

function pageOfHeads(heads: readonly TemplateHead[], query: Query): z.output<typeof api.TextPage> {
  const { key, language, state, after, limit } = query;
  const found = heads.filter(
    (head) =>
      (key === undefined || head.key === key) &&
      (language === undefined || head.language === language) &&
      (state === undefined || head.newest.state === state) &&
      (after === undefined || cursorOf(head) > after),
  );
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(renderHead),
    ...(found.length > limit && last !== undefined ? { nextCursor: cursorOf(last) } : {}),
  };
}

function cursorOf({ key, language }: TemplateHead): string {
  return `${key} ${language}`;
}

function renderHead({ newest, holds, ...head }: TemplateHead): z.output<typeof api.TextHead> {
  const { version, state, text, lint } = newest;
  const segments = lint.worst === undefined ? {} : { segments: lint.worst.segments };
  return {
    key: head.key,
    language: head.language,
    newest: { version, state, text, ...segments },
    usedBy: [...head.usedBy],
    ...(holds === undefined ? {} : { holds }),
  };
}

function renderVersion(one: StoredTemplate): z.output<typeof api.TextVersion> {
  const { lint, createdAt, approvedAt, approvedBy } = one;
  return {
    key: one.key,
    language: one.language,
    version: one.version,
    state: one.state,
    text: one.text,
    asksReason: one.asksReason,
    transliterate: one.transliterate,
    lint: {
      ok: lint.ok,
      findings: lint.findings.map((finding) => ({ ...finding })),
      forcingUcs2: lint.forcingUcs2.map((one) => ({ ...one })),
      ...(lint.worst === undefined ? {} : { worst: worstOf(lint.worst) }),
    },
    createdAt: iso(createdAt),
    createdBy: one.createdBy,
    ...maybe("approvedAt", approvedAt),
    ...(approvedBy === undefined ? {} : { approvedBy }),
  };
}

function worstOf(worst: NonNullable<StoredTemplate["lint"]["worst"]>) {
  const { of = "sample", text, segments, alphabet } = worst;
  return { of, text, segments, alphabet };
}

/** Policies: read, put as a new version, and for whom they hold. */

import type { z } from "zod";
import { callerOf } from "#scheduler/http/caller.ts";
import type { HttpDeps } from "#scheduler/http/deps.ts";
import { iso } from "#scheduler/http/render.ts";
import { Done } from "#scheduler/http/schemas.ts";
import { PolicyDocument } from "#scheduler/policy/document.ts";
import { type PolicyHead, todayUtc } from "#scheduler/policy/edit/policies.ts";
import { checkValue } from "#scheduler/policy/files.ts";
import type { StoredPolicy } from "#scheduler/policy/store.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import { policyInvalid, policyProblem } from "./refusals.ts";
import * as api from "./schemas.ts";

const TAGS = ["rules"];

export function servePolicies(app: HttpServer, deps: HttpDeps): void {
  const { policies, rules, clock, rulesEdited } = deps;
  app.get(
    "/v1/policies",
    {
      config: { scope: "rules:read" },
      schema: { tags: TAGS, summary: "The policies on file", response: { 200: api.PolicyList } },
    },
    async () => ({ items: (await policies.heads()).map(renderHead) }),
  );
  app.get(
    "/v1/policies/:name",
    {
      config: { scope: "rules:read" },
      schema: {
        tags: TAGS,
        summary: "One policy, and what it lacks",
        params: api.PolicyParams,
        querystring: api.PolicyQuery,
        response: { 200: api.Policy },
      },
    },
    async (request) => {
      const { name } = request.params;
      const newest = (await rules.policies.latest()).find((one) => one.name === name);
      const { version } = request.query;
      const found = version === undefined ? newest : await rules.policies.find(name, version);
      if (found === undefined) throw problem("not_found", { detail: `There is no policy "${name}".` });
      return { ...renderPolicy(found), problems: troubles(await policies.check(found.document)) };
    },
  );
  app.put(
    "/v1/policies/:name",
    {
      config: { scope: "rules:write" },
      schema: {
        tags: TAGS,
        summary: "Write a new version of a policy",
        description:
          "Where the policy holds, its texts must be whole, and every case of it is looked at again. `changes` says " +
          "what is new; nothing that was said is said again under the same step id.",
        params: api.PolicyParams,
        body: api.PutPolicy,
        response: { 200: api.Policy },
      },
    },
    async (request) => {
      const read = checkValue({ name: request.params.name, ...request.body }, PolicyDocument);
      if (!read.ok) throw policyInvalid(read.problems);
      if (read.value.name !== request.params.name)
        throw policyInvalid([
          { field: "name", rule: "is not the name in the path", remedy: "Use the same name." },
        ]);
      const put = await policies.put(read.value, callerOf(request), clock.now());
      if (put.kind === "refused") throw policyProblem(put.refusal);
      await rulesEdited();
      return { ...renderPolicy(put.policy), changes: [...put.changes], problems: troubles(put) };
    },
  );
  serveAssignments(app, deps);
}

function serveAssignments(app: HttpServer, { policies, rules, clock, rulesEdited }: HttpDeps): void {
  app.get(
    "/v1/assignments",
    {
      config: { scope: "rules:read" },
      schema: { tags: TAGS, summary: "For whom which policy holds", response: { 200: api.AssignmentList } },
    },
    async () => ({ items: (await rules.policies.assignments()).map((one) => ({ ...one })) }),
  );
  app.put(
    "/v1/assignments",
    {
      config: { scope: "rules:approve" },
      schema: {
        tags: TAGS,
        summary: "Let a policy hold for a creditor and a segment",
        description:
          "Creditor and segment, then creditor, then segment, then everybody: the most exact one holds.",
        body: api.PutAssignment,
        response: { 200: api.Assignment },
      },
    },
    async (request) => {
      const now = clock.now();
      const { since = todayUtc(now), ...scope } = request.body;
      const result = await policies.assign({ ...scope, since }, callerOf(request), now);
      if (result.kind === "refused") throw policyProblem(result.refusal);
      await rulesEdited();
      return { ...result.assignment };
    },
  );
  app.delete(
    "/v1/assignments",
    {
      config: { scope: "rules:approve" },
      schema: {
        tags: TAGS,
        summary: "Take an assignment away; the next less exact one holds",
        querystring: api.AssignmentQuery,
        response: { 200: Done },
      },
    },
    async (request) => {
      const { creditor, segment } = request.query;
      const done = await policies.unassign(creditor, segment);
      if (done) await rulesEdited();
      return { done };
    },
  );
}

function renderHead({ policy, assigned }: PolicyHead): z.output<typeof api.PolicyHead> {
  const { name, version, document, createdAt, createdBy } = policy;
  return {
    name,
    version,
    title: document.title,
    languages: [...document.languages],
    steps: document.steps.map(({ id }) => id),
    createdAt: iso(createdAt),
    createdBy,
    assigned: assigned.map((one) => ({ ...one })),
  };
}

function renderPolicy({ name, version, document, createdAt, createdBy }: StoredPolicy) {
  return { name, version, createdAt: iso(createdAt), createdBy, document: { ...document } };
}

function troubles(of: { readonly problems: readonly { field: string; rule: string; remedy: string }[] }) {
  return of.problems.map(({ field, rule, remedy }) => ({ field, rule, remedy }));
}

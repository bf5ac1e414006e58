/** Holds, feeds and opt-outs: what people and systems say beside the claims themselves. */

import type { HttpDeps } from "#scheduler/http/deps.ts";
import { Done } from "#scheduler/http/schemas.ts";
import { type HttpServer, keyOf } from "#shared/http-server.ts";
import { parsePhoneNumber } from "#shared/phone-number.ts";
import { problem } from "#shared/problems.ts";
import * as answers from "./answers.ts";
import { changeBy, invalid, present } from "./inputs.ts";
import { taken } from "./refusals.ts";
import { renderFeed, renderHold } from "./render.ts";
import * as api from "./schemas.ts";
import { creditorOf, statusOf, told } from "./upserts.ts";

const WRITE = { scope: "ledger:write" };
const TAGS = ["ledger"];

export function serveHolds(app: HttpServer, deps: HttpDeps): void {
  app.post(
    "/v1/creditors/:creditor/holds",
    {
      config: WRITE,
      schema: {
        tags: TAGS,
        summary: "Hold a debtor, a case or a receivable back",
        description:
          "No debt text leaves for what is held. One hold of a kind lies on a target: placing it again changes " +
          "its end, reviewer and reason.",
        params: api.CreditorParams,
        body: api.HoldInput,
        response: { 200: answers.HoldResult, 201: answers.HoldResult },
      },
    },
    async (request, reply) => {
      const creditor = creditorOf(deps, request.params.creditor);
      const change = changeBy(keyOf(request).name, deps.clock.now(), undefined);
      const outcome = taken(await deps.ledger.placeHold(creditor.id, present(request.body), change));
      reply.code(statusOf(outcome));
      return { ...told(outcome), hold: renderHold(outcome.row) };
    },
  );
  app.post(
    "/v1/holds/:id/end",
    {
      config: WRITE,
      schema: {
        tags: TAGS,
        summary: "End a hold now",
        params: api.HoldIdParams,
        response: { 200: answers.HoldResult },
      },
    },
    async (request) => {
      const change = changeBy(keyOf(request).name, deps.clock.now(), undefined);
      const ended = await deps.ledger.endHold(request.params.id, change);
      // The only thing that can be wrong here is the id in the path.
      if (ended.kind === "refused") throw problem("not_found", { detail: ended.refusal.detail });
      const outcome = taken(ended);
      return { ...told(outcome), hold: renderHold(outcome.row) };
    },
  );
  serveFeeds(app, deps);
  serveOptOuts(app, deps);
}

function serveFeeds(app: HttpServer, deps: HttpDeps): void {
  app.put(
    "/v1/creditors/:creditor/feeds/:id",
    {
      config: WRITE,
      schema: {
        tags: TAGS,
        summary: "Say how far a feed reaches",
        description:
          "After sending payments, say up to when they are complete. Reminders wait while the payments are stale.",
        params: api.ItemParams,
        body: api.FeedInput,
        response: { 200: answers.Feed },
      },
    },
    async (request) => {
      const creditor = creditorOf(deps, request.params.creditor);
      const { carries, asOf } = request.body;
      const change = changeBy(keyOf(request).name, deps.clock.now(), asOf, request.params.id);
      const feed = await deps.ledger.recordFeed(creditor.id, carries, change);
      return renderFeed(feed);
    },
  );
}

function serveOptOuts(app: HttpServer, deps: HttpDeps): void {
  for (const verb of ["record", "withdraw"] as const)
    app.post(
      verb === "record" ? "/v1/opt-outs" : "/v1/opt-outs/withdraw",
      {
        config: WRITE,
        schema: {
          tags: TAGS,
          summary: verb === "record" ? "A number wants no more texts" : "A number wants texts again",
          body: api.OptOutInput,
          response: { 200: Done },
        },
      },
      async (request) => {
        const { number, creditor, reason } = request.body;
        const parsed = parsePhoneNumber(number);
        if (!parsed.ok || "shortCode" in parsed)
          throw invalid("number", "Write the number with + and its country code.");
        const creditorId = creditor === undefined ? undefined : creditorOf(deps, creditor).id;
        const change = changeBy(keyOf(request).name, deps.clock.now(), undefined);
        const act = verb === "record" ? deps.ledger.recordOptOut : deps.ledger.withdrawOptOut;
        await act(parsed.e164, creditorId, reason, change);
        return { done: true };
      },
    );
}

/** What was witnessed of a case, and the head of the chain, to be kept elsewhere. */
import { z } from "zod";
import { CASE_EVENTS_MAX, renderEvent } from "#scheduler/evidence/dossier.ts";
import { eventsOfCase, headOf } from "#scheduler/evidence/store.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import type { HttpDeps } from "./deps.ts";
import * as api from "./schemas.ts";

const TAGS = ["evidence"];
const digest = (description: string) =>
  z.string().meta({ description: `${description} SHA-256, hexadecimal` });

const EvidenceHead = z
  .object({
    sequence: z.int().meta({ description: "Of the last event; 0 before the first" }),
    hash: digest("Over the last event and, through the hash before it, over all."),
  })
  .meta({ id: "EvidenceHead" });

const EvidenceEvent = z
  .object({
    sequence: z.int(),
    at: api.Timestamp,
    kind: z.string().meta({ examples: ["message.decided", "message.delivered", "reply.received"] }),
    case: z.string(),
    message: z.string().meta({ description: "Key of the message; empty where it is about none" }),
    commitment: digest("Of the salt and the details."),
    hash: digest("Of the hash before it, its sequence and its seal."),
    details: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .optional()
      .meta({ description: "Absent once they are erased" }),
    salt: z.string().optional().meta({ description: "32 octets, hexadecimal; erased with the details" }),
  })
  .meta({ id: "EvidenceEvent" });

const CaseEvidence = z
  .object({ case: z.string(), head: EvidenceHead, events: z.array(EvidenceEvent) })
  .meta({ id: "CaseEvidence", description: "Oldest first" });

export function serveEvidence(app: HttpServer, deps: HttpDeps): void {
  app.get(
    "/v1/evidence/head",
    {
      config: { scope: "run:read" },
      schema: {
        tags: TAGS,
        summary: "The head of the chain",
        description: "Keep it elsewhere: a chain that was made anew does not lead there.",
        response: { 200: EvidenceHead },
      },
    },
    async () => headOf(deps.db),
  );
  app.get(
    "/v1/evidence/:code",
    {
      config: { scope: "run:read" },
      schema: {
        tags: TAGS,
        summary: "What was witnessed of a case",
        description: `At most ${CASE_EVENTS_MAX} events. \`dunlin evidence export\` makes a file that is checked without Dunlin's database.`,
        params: api.CodeParams,
        response: { 200: CaseEvidence },
      },
    },
    async (request) => {
      const { code } = request.params;
      const events = eventsOfCase(deps.db, code, CASE_EVENTS_MAX);
      if (events.length === 0)
        throw problem("not_found", { detail: `There is no evidence of a case ${code}.` });
      return { case: code, head: headOf(deps.db), events: events.map(renderEvent) };
    },
  );
}

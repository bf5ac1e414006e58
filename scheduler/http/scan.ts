/** The nightly proof, at any hour: begun, watched, ended, and what it found. */

import type { FastifyReply } from "fastify";
import type { z } from "zod";
import type { ScanAnswer, WholeScan } from "#scheduler/reports/scan-service.ts";
import type { HttpServer } from "#shared/http-server.ts";
import { problem } from "#shared/problems.ts";
import type { HttpDeps } from "./deps.ts";
import { ASK_AGAIN_SECONDS, iso, maybe, UNDER_WAY } from "./render.ts";
import * as api from "./schemas.ts";

const PATH = "/v1/scan";
const TAGS = ["operations"];

export function serveScan(app: HttpServer, { scans }: HttpDeps): void {
  app.post(
    PATH,
    {
      config: { scope: "run:write", accepted: UNDER_WAY },
      schema: {
        tags: TAGS,
        summary: "Decide every case again and compare: the nightly proof, now",
        description:
          "Reminders go on meanwhile. 202 while a large portfolio is worked on: then `GET` says how far it is, " +
          "and what it found. Who asks while one is under way does not begin another.",
        response: { 200: api.ScanResult, 202: api.Working },
      },
    },
    async (_request, reply) => answer(await scans.begin(), reply),
  );
  app.get(
    PATH,
    {
      config: { scope: "run:read", accepted: UNDER_WAY },
      schema: {
        tags: TAGS,
        summary: "How far the full scan is, or what the last one found",
        description:
          "202 while one is worked on that was begun over HTTP. The nightly one is answered once it is whole.",
        response: { 200: api.ScanResult, 202: api.Working },
      },
    },
    async (_request, reply) => answer(await scans.look(), reply),
  );
  app.delete(
    PATH,
    {
      config: { scope: "run:write" },
      schema: {
        tags: TAGS,
        summary: "End the full scan that is being worked on",
        description: "What it has repaired stays; it is not counted as a scan. The nightly one is not ended.",
        response: { 200: api.Done },
      },
    },
    async () => ({ done: await scans.stop() }),
  );
}

function answer(
  given: ScanAnswer,
  reply: FastifyReply,
): z.output<typeof api.ScanResult> | z.output<typeof api.Working> {
  switch (given.kind) {
    case "ready":
      return rendered(given.report);
    case "working":
      reply.code(202).header("location", PATH).header("retry-after", ASK_AGAIN_SECONDS);
      return { done: given.done, total: given.total };
    case "ended":
      throw problem("not_found", { detail: "The full scan was ended before its end. Begin another one." });
    case "none":
      throw problem("not_found", { detail: "No full scan was made yet. POST begins one." });
  }
}

function rendered({
  startedAt,
  endedAt,
  cases,
  differences,
  samples,
}: WholeScan): z.output<typeof api.ScanResult> {
  return {
    startedAt: iso(startedAt),
    endedAt: iso(endedAt),
    cases,
    differences,
    samples: samples.map((sample) => ({
      case: sample.case,
      ...maybe("stored", sample.stored),
      ...maybe("computed", sample.computed),
    })),
  };
}

/** /healthz: the process answers. /readyz: it can do its work. /metrics: numbers for Prometheus. */
import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, type Registry } from "prom-client";
import { z } from "zod";
import { addReading } from "#shared/metrics.ts";
import { routeOf } from "./answers.ts";

export interface ReadyCheck {
  readonly name: string;
  readonly ok: boolean;
  /** One sentence; seen without a key, so without numbers or names of customers. */
  readonly detail: string;
}

const Health = z.object({ status: z.literal("ok") }).meta({ id: "Health" });
const Ready = z
  .object({
    ready: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: "Ready" });

export interface HealthOptions {
  readonly ready: () => Promise<readonly ReadyCheck[]>;
  readonly metrics: Registry;
}

export function serveHealth(app: FastifyInstance, options: HealthOptions): void {
  app.get(
    "/healthz",
    { schema: { tags: ["health"], summary: "Is the process alive?", response: { 200: Health } } },
    () => ({ status: "ok" }),
  );
  app.get(
    "/readyz",
    {
      schema: {
        tags: ["health"],
        summary: "Can it do its work?",
        description: "503 names the checks that fail, with the reason.",
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      const checks = await options.ready();
      const ready = checks.every((check) => check.ok);
      return reply.code(ready ? 200 : 503).send({ ready, checks });
    },
  );
  app.get(
    "/metrics",
    {
      config: { scope: "metrics:read" },
      schema: {
        tags: ["health"],
        summary: "Numbers for Prometheus",
        security: [{ key: [] }],
        produces: ["text/plain"],
      },
    },
    async (_request, reply) => {
      const text = await options.metrics.metrics();
      return reply.header("content-type", options.metrics.contentType).send(text);
    },
  );
  countRequests(app, options.metrics);
}

function countRequests(app: FastifyInstance, metrics: Registry): void {
  collectDefaultMetrics({ register: metrics, prefix: "dunlin_" });
  const answered = new Map<string, number>();
  addReading(metrics, {
    name: "dunlin_http_requests_total",
    help: "Requests answered, by route and status.",
    type: "counter",
    read: () =>
      [...answered].map(([key, count]) => {
        const [method = "", route = "", status = ""] = key.split(" ");
        return [{ method, route, status }, count];
      }),
  });
  app.addHook("onResponse", (request, reply, done) => {
    const key = `${request.method} ${routeOf(request)} ${reply.statusCode}`;
    answered.set(key, (answered.get(key) ?? 0) + 1);
    done();
  });
}

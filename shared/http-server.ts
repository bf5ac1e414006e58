/**
 * The HTTP server both services are made from: schemas by zod, refusals as problem details with "did
 * you mean", bearer keys with scopes, an API page, health, metrics, and a limit on everything.
 */
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from "fastify";
import { serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import type { z } from "zod";
import type { Clock } from "./clock.ts";
import { answerFrameworkError, answerWithProblems } from "./http/answers.ts";
import { type AuthOptions, requireKeys } from "./http/auth.ts";
import { fieldErrors, type HttpPart } from "./http/field-errors.ts";
import { type HealthOptions, serveHealth } from "./http/health.ts";
import { type ApiDescription, describeApi } from "./http/openapi.ts";
import { servePages } from "./http/pages.ts";
import type { IdFactory } from "./ids.ts";
import type { Logger } from "./logger.ts";
import { PROBLEMS, type ProblemCatalogue, problem } from "./problems.ts";

export { keyOf } from "./http/auth.ts";
export type { ReadyCheck } from "./http/health.ts";
export type { ApiDescription } from "./http/openapi.ts";

export const BODY_BYTES_MAX = 256 * 1_024;
export const BATCH_BODY_BYTES_MAX = 4 * 1_024 * 1_024;
const HEADER_BYTES_MAX = 16 * 1_024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 72_000;
const CONNECTIONS_MAX = 4_096;
/** Answers on the way have this long when the service stops. */
const STOP_GRACE_MS = 5_000;
const PARAM_CHARS_MAX = 200;

export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface HttpServerOptions {
  readonly api: ApiDescription;
  readonly log: Logger;
  readonly ids: IdFactory;
  readonly keys: AuthOptions["keys"];
  readonly health: HealthOptions;
  /** The service's own kinds of problems, beside those both share. */
  readonly problems?: ProblemCatalogue;
  /** Addresses of proxies whose `X-Forwarded-For` is believed. */
  readonly trustProxy?: readonly string[];
  /** For each key; 0 or absent is no limit. */
  readonly requestsPerMinute?: number;
  /** Checks every answer against its schema: for tests, where a wrong answer must not pass. */
  readonly checkAnswers?: boolean;
}

/**
 * A server without routes of its own yet. Routes under /v1 name their scope (`config.scope`); their
 * handlers find the caller by `keyOf(request)`.
 */
export async function createHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: "idle",
    return503OnClosing: false,
    exposeHeadRoutes: false,
    trustProxy: options.trustProxy === undefined ? false : [...options.trustProxy],
    routerOptions: { maxParamLength: PARAM_CHARS_MAX },
    frameworkErrors: (error, _request, reply) => answerFrameworkError(error, reply, options.ids),
    http: { maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: HEADERS_TIMEOUT_MS },
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = CONNECTIONS_MAX;
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => {
    const part = (httpPart ?? "body") as HttpPart;
    return (data) => {
      const result = schema.safeParse(data);
      if (result.success) return { value: result.data };
      return { error: problem("request_invalid", { errors: fieldErrors(result.error, schema, part) }) };
    };
  });
  if (options.checkAnswers) app.setSerializerCompiler(serializerCompiler);
  else app.setSerializerCompiler(() => JSON.stringify);
  const catalogue = { ...PROBLEMS, ...options.problems };
  answerWithProblems(app, options.log, options.ids);
  refuseWhileStopping(app);
  app.addHook("onSend", (_request, reply, _payload, done) => {
    if (!reply.hasHeader("x-content-type-options")) reply.header("x-content-type-options", "nosniff");
    done();
  });
  await requireKeys(app, { keys: options.keys, requestsPerMinute: options.requestsPerMinute ?? 0 });
  await describeApi(app, options.api);
  await servePages(app, catalogue);
  serveHealth(app, options.health);
  return app;
}

/**
 * Ends the server: answers on the way are given, then connections that hold on are cut. Without the cut
 * one that never sent a request would keep the process alive for ever.
 */
export async function closeHttpServer(app: HttpServer, clock: Clock): Promise<void> {
  const cancel = clock.timer(STOP_GRACE_MS, () => app.server.closeAllConnections());
  try {
    await app.close();
  } finally {
    cancel();
  }
}

/**
 * On connections that are still open when the service stops nothing new begins, and each is closed
 * with the answer it waits for: a client that keeps connections would hold up the end by minutes.
 */
function refuseWhileStopping(app: FastifyInstance): void {
  let stopping = false;
  app.addHook("preClose", (done) => {
    stopping = true;
    done();
  });
  app.addHook("onRequest", (_request, _reply, done) => {
    done(stopping ? problem("stopping") : undefined);
  });
  app.addHook("onSend", (_request, reply, _payload, done) => {
    if (stopping) reply.header("connection", "close");
    done();
  });
  app.addHook("onResponse", (request, _reply, done) => {
    if (stopping) request.raw.socket.end();
    done();
  });
}

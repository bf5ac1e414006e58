/** Every refusal leaves the server as RFC 9457 problem details, whatever threw it. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { IdFactory } from "#shared/ids.ts";
import type { Logger } from "#shared/logger.ts";
import { PROBLEM_MEDIA_TYPE, Problem, problem, problemBody } from "#shared/problems.ts";
import { DatabaseUnavailable } from "#shared/sqlite.ts";
import { KnownMethods } from "./methods.ts";

const RETRY_AFTER_SECONDS = 5;
/** What SQLite answers, also to a read, when the file cannot be used now. */
const STORAGE_FAILURE = /^SQLITE_(FULL|BUSY|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB)/;

export function answerWithProblems(app: FastifyInstance, log: Logger, ids: IdFactory): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    const failure = asProblem(error);
    const instance = ids("req");
    const entry = {
      request: instance,
      method: request.method,
      route: request.routeOptions.url,
      code: failure.code,
    };
    if (failure.kind.status >= 500) log.error({ ...entry, err: error }, "a request failed");
    else log.debug(entry, "a request was refused");
    return sendProblem(reply, failure, instance);
  });
  const known = new KnownMethods(app);
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "";
    const methods = known.of(path).join(", ");
    if (methods !== "") {
      const failure = problem("method_not_allowed", { detail: `It takes ${methods}.` });
      return sendProblem(reply.header("allow", methods), failure, ids("req"));
    }
    const detail = `There is no ${request.method} ${path.slice(0, 200)}.`;
    return sendProblem(reply, problem("not_found", { detail }), ids("req"));
  });
}

function sendProblem(reply: FastifyReply, failure: Problem, instance: string): FastifyReply {
  const seconds =
    failure.retryAfterSeconds ?? (failure.kind.status === 503 ? RETRY_AFTER_SECONDS : undefined);
  if (seconds !== undefined) reply.header("retry-after", String(Math.max(1, Math.ceil(seconds))));
  if (failure.kind.status === 401) reply.header("www-authenticate", 'Bearer realm="dunlin"');
  return reply
    .code(failure.kind.status)
    .header("content-type", PROBLEM_MEDIA_TYPE)
    .serializer(JSON.stringify)
    .send(problemBody(failure, `urn:dunlin:${instance}`));
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseUnavailable)
    return problem("storage_unavailable", { detail: error.message, cause: error });
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code !== undefined && STORAGE_FAILURE.test(code))
    return problem("storage_unavailable", { cause: error });
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return problem("body_too_large");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return problem("media_type_unsupported");
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return problem("body_unreadable", { detail: "The body is empty. Send {} or leave content-type out." });
    case "FST_ERR_CTP_INVALID_JSON_BODY":
      return problem("body_unreadable");
  }
  if (error instanceof SyntaxError && statusCode === 400) return problem("body_unreadable");
  if (statusCode === 400) return problem("request_invalid", { detail: (error as Error).message });
  return problem("internal_error", { cause: error });
}

/** Before a route is even found: an address that cannot be decoded, a method that does not exist. */
export function answerFrameworkError(error: Error, reply: FastifyReply, ids: IdFactory): void {
  sendProblem(reply, problem("request_invalid", { detail: error.message }), ids("req"));
}

/** For a handler that has the request only: which route it was, without ids. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? "unknown";
}

/** Refusals of the control API as problem details (RFC 9457). */
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";

export class ControlProblem extends Error {
  override name = "ControlProblem";
  readonly status: number;
  readonly title: string;
  constructor(status: number, title: string, detail: string) {
    super(detail);
    this.status = status;
    this.title = title;
  }
}

/** @throws ControlProblem that names the field and the rule */
export function parsed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  throw new ControlProblem(400, "The request is not right", z.prettifyError(result.error));
}

/** What the simulator itself refused is the caller's mistake; all else is ours. */
export function answerProblem(
  error: FastifyError | Error,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  const isControl = error instanceof ControlProblem;
  const isRefused = error instanceof RangeError || error instanceof SyntaxError || REFUSALS.has(error.name);
  const fallback = isRefused ? 400 : ("statusCode" in error && error.statusCode) || 500;
  const status = isControl ? error.status : fallback;
  const title = isControl ? error.title : isRefused ? "The simulator refused it" : "The request failed";
  void reply
    .status(status)
    .type("application/problem+json")
    .send({ type: "about:blank", title, status, detail: error.message });
}

const REFUSALS: ReadonlySet<string> = new Set(["FaultRefused", "PduError", "SmsTextError"]);

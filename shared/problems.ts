/**
 * Refusals as RFC 9457 problem details. Each kind has a stable code, and its `type` URI is a page that
 * the service itself serves (`/problems/CODE`). The catalogue is data, checked against the API page.
 */
import type { ProblemCatalogue, ProblemKind } from "./problems/kind.ts";
import { REQUEST_PROBLEMS } from "./problems/request.ts";

export { DELIVERY_REASONS, type DeliveryCode } from "./problems/delivery.ts";
export type { ProblemCatalogue, ProblemKind } from "./problems/kind.ts";

/** What both services answer with; a service adds its own kinds by `problemsOf`. */
export const PROBLEMS = REQUEST_PROBLEMS;

export interface FieldError {
  /** JSON Pointer (RFC 6901) into the request body, or `?name` for a query parameter. */
  readonly pointer: string;
  /** Rule and remedy in one sentence. */
  readonly detail: string;
}

export interface ProblemOptions {
  /** What is wrong in this very case. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** Further members of the answer, such as the resource a conflict is about. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class Problem extends Error {
  override name = "Problem";
  readonly code: string;
  readonly kind: ProblemKind;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(code: string, kind: ProblemKind, options: ProblemOptions = {}) {
    super(options.detail ?? kind.title, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = kind;
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.extra = options.extra ?? {};
  }

  /** The same refusal with other field errors. */
  withErrors(errors: readonly FieldError[]): Problem {
    return new Problem(this.code, this.kind, {
      ...(errors.length <= 1 && this.detail !== undefined ? { detail: this.detail } : {}),
      errors,
      extra: this.extra,
    });
  }
}

/** A maker of problems for one catalogue; the compiler knows its codes. */
export function problemsOf<C extends ProblemCatalogue>(
  catalogue: C,
): (code: keyof C & string, options?: ProblemOptions) => Problem {
  return (code, options) => {
    const kind = catalogue[code];
    if (kind === undefined) throw new RangeError(`${code} is not in the catalogue of problems`);
    return new Problem(code, kind, options);
  };
}

/** `throw problem("not_found", { detail: "There is no message msg_…" })` */
export const problem = problemsOf(PROBLEMS);

export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** The members of the answer (RFC 9457 3.1 and our extensions). */
export function problemBody(failure: Problem, instance?: string): Record<string, unknown> {
  return {
    type: `/problems/${failure.code}`,
    title: failure.kind.title,
    status: failure.kind.status,
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
    ...(instance === undefined ? {} : { instance }),
    code: failure.code,
    retryable: failure.kind.retryable,
    ...(failure.errors.length === 0 ? {} : { errors: failure.errors }),
    ...failure.extra,
  };
}

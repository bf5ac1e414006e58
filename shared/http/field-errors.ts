/** What zod found wrong, as the fields of a problem: a pointer, the rule, and the name that was meant. */
import { z } from "zod";
import { closest } from "#shared/closest.ts";
import type { FieldError } from "#shared/problems.ts";
import { core, schemaAt, shapeOf } from "#shared/schema-paths.ts";

const ERRORS_MAX = 100;

export type HttpPart = "body" | "querystring" | "params" | "headers";

export function fieldErrors(error: z.core.$ZodError, schema: z.core.$ZodType, part: HttpPart): FieldError[] {
  return error.issues.flatMap((issue) => fromIssue(issue, schema, part)).slice(0, ERRORS_MAX);
}

function fromIssue(issue: z.core.$ZodIssue, schema: z.core.$ZodType, part: HttpPart): FieldError[] {
  if (issue.code === "invalid_union") return fromUnion(issue, schema, part);
  if (issue.code !== "unrecognized_keys")
    return [{ pointer: pointerTo(issue.path, part), detail: sentence(issue) }];
  const known = knownNames(schemaAt(schema, issue.path) ?? schema);
  return issue.keys.map((key) => ({
    pointer: pointerTo([...issue.path, key], part),
    detail: unknownName(key, known),
  }));
}

/** The branch with the fewest complaints is the one that was meant. */
function fromUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  schema: z.core.$ZodType,
  part: HttpPart,
): FieldError[] {
  const nearest = [...issue.errors].sort((a, b) => a.length - b.length)[0];
  if (nearest === undefined) return [{ pointer: pointerTo(issue.path, part), detail: issue.message }];
  return nearest.flatMap((inner) =>
    fromIssue({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue, schema, part),
  );
}

function unknownName(name: string, known: readonly string[]): string {
  const best = closest(name, known);
  return best === undefined
    ? `There is no such field. Known: ${known.join(", ")}.`
    : `There is no such field; did you mean ${best}?`;
}

function knownNames(schema: z.core.$ZodType): string[] {
  const inner = core(schema);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => knownNames(option as z.ZodType));
  return Object.keys(shapeOf(inner) ?? {});
}

function sentence(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) return "It is required.";
  return issue.message.endsWith(".") ? issue.message : `${issue.message}.`;
}

/** RFC 6901 for bodies; `?name` and `{name}` for what stands in the address. */
function pointerTo(path: readonly PropertyKey[], part: HttpPart): string {
  if (part === "querystring") return `?${path.map(String).join(".")}`;
  if (part === "params") return `{${path.map(String).join(".")}}`;
  return path.map((step) => `/${String(step).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

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

/** What a schema says for itself stays; what zod says by itself is put in words for people. */
function sentence(issue: z.core.$ZodIssue): string {
  const own = /^(Invalid|Too) /.test(issue.message) ? inWords(issue) : undefined;
  const text = own ?? issue.message;
  return text.endsWith(".") ? text : `${text}.`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function inWords(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type": {
      const [, received = ""] = /received (\w+)$/.exec(issue.message) ?? [];
      if (received === "undefined") return "It is required.";
      if (issue.expected === "int" && received === "number") return "It must be a whole number.";
      const wanted = KINDS[issue.expected] ?? issue.expected;
      return `It must be ${wanted}, not ${KINDS[received] ?? received}.`;
    }
    case "invalid_value":
      return issue.values.length === 1
        ? `It must be ${String(issue.values[0])}.`
        : `Use one of: ${issue.values.map(String).join(", ")}.`;
    case "too_small":
      if (issue.origin === "string" && issue.minimum === 1) return "It must not be empty.";
      return `${bound(issue.origin, "at least", issue.minimum)}.`;
    case "too_big":
      return `${bound(issue.origin, "at most", issue.maximum)}.`;
    default:
      return undefined;
  }
}

function bound(origin: string, which: string, limit: number | bigint): string {
  if (origin === "string") return `It must have ${which} ${counted(limit, "character")}`;
  if (origin === "array" || origin === "set") return `It must have ${which} ${counted(limit, "item")}`;
  return `It must be ${which} ${limit}`;
}

function counted(count: number | bigint, what: string): string {
  return `${count} ${what}${Number(count) === 1 ? "" : "s"}`;
}

/** RFC 6901 for bodies; `?name` and `{name}` for what stands in the address. */
function pointerTo(path: readonly PropertyKey[], part: HttpPart): string {
  if (part === "querystring") return `?${path.map(String).join(".")}`;
  if (part === "params") return `{${path.map(String).join(".")}}`;
  return path.map((step) => `/${String(step).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

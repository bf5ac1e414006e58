/** Files that people write: TOML or JSON, read once into a typed value, or into a list of what is wrong. */
import { parse as parseToml, TomlError } from "smol-toml";
import type { z } from "zod";
import { closest } from "#shared/closest.ts";

/** One thing that is wrong in a file: where, which rule, and what to do. */
export interface FileProblem {
  /** `steps[2].offset`, or "" for the file as a whole. */
  readonly field: string;
  readonly rule: string;
  readonly remedy: string;
  readonly line?: number;
}

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly FileProblem[] };

/** A policy or pack is a page or two; more than this is something else. */
const FILE_CHARACTERS_MAX = 1_000_000;
/** More problems than this in one file are not listed. */
export const PROBLEMS_MAX = 50;

export type FileFormat = "toml" | "json";

export function formatOf(path: string): FileFormat {
  return path.toLowerCase().endsWith(".json") ? "json" : "toml";
}

export function readDocument<S extends z.ZodType>(
  text: string,
  format: FileFormat,
  schema: S,
): Read<z.output<S>> {
  if (text.length > FILE_CHARACTERS_MAX)
    return refuse("", `is longer than ${FILE_CHARACTERS_MAX} characters`, "Give one policy in one file.");
  const tree = parse(text, format);
  if (!tree.ok) return tree;
  return checkValue(tree.value, schema);
}

/** The same check for a value that came over HTTP. */
export function checkValue<S extends z.ZodType>(value: unknown, schema: S): Read<z.output<S>> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, schema, value));
  return { ok: false, problems: problems.slice(0, PROBLEMS_MAX) };
}

function parse(text: string, format: FileFormat): Read<unknown> {
  try {
    return { ok: true, value: format === "json" ? JSON.parse(text) : parseToml(text) };
  } catch (error) {
    if (error instanceof TomlError) {
      const line = error.line;
      const why = error.message.split("\n")[0] ?? "";
      return {
        ok: false,
        problems: [{ field: "", rule: why, remedy: "Correct the TOML at this line.", line }],
      };
    }
    return refuse(
      "",
      `is no JSON: ${(error as Error).message}`,
      "Correct the JSON, or give the file the ending .toml.",
    );
  }
}

function refuse(field: string, rule: string, remedy: string): { ok: false; problems: FileProblem[] } {
  return { ok: false, problems: [{ field, rule, remedy }] };
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, schema: z.ZodType, value: unknown): FileProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path, value);
    return issue.keys.map((key) => {
      const near = closest(key, known);
      const remedy = near ? `Did you mean "${near}"?` : `Take it out. Known here: ${known.join(", ")}.`;
      return { field: fieldName([...issue.path, key]), rule: "is not a known name", remedy };
    });
  }
  return [{ field: fieldName(issue.path), rule: ruleOf(issue), remedy: remedyFor(issue, value) }];
}

function ruleOf(issue: Issue): string {
  if (issue.code === "invalid_type" && issue.message.includes("received undefined")) return "is missing";
  if (issue.code === "invalid_type") return `is not of the type ${issue.expected}`;
  if (issue.code === "invalid_value") return "is not a known value";
  return issue.message;
}

function remedyFor(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_value": {
      const known = issue.values.map(String);
      const given = issue.path.reduce<unknown>(
        (here, part) => (here as Record<PropertyKey, unknown> | undefined)?.[part],
        value,
      );
      const near = typeof given === "string" ? closest(given, known) : undefined;
      return near === undefined ? `Use one of: ${known.join(", ")}.` : `Did you mean "${near}"?`;
    }
    case "invalid_type":
      return issue.message.includes("received undefined")
        ? "Add it."
        : `Give a value of the type ${issue.expected}.`;
    case "too_small":
      return `Give ${String(issue.minimum)} or more.`;
    case "too_big":
      return `Give ${String(issue.maximum)} or less.`;
    case "custom":
      return typeof issue.params?.remedy === "string" ? issue.params.remedy : "Correct it.";
    default:
      return "Correct it.";
  }
}

/** `steps[2].offset` */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}

/** The names that an object of the schema has at this path; for "did you mean". */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string[] {
  let here: unknown = schema;
  let there: unknown = value;
  for (const part of path) {
    here = childOf(here, part, there);
    there = (there as Record<PropertyKey, unknown> | undefined)?.[part];
  }
  const shape = (pick(unwrap(here), there) as { shape?: Record<string, unknown> }).shape;
  return shape === undefined ? [] : Object.keys(shape);
}

function childOf(schema: unknown, part: PropertyKey, value: unknown): unknown {
  const here = pick(unwrap(schema), value) as { shape?: Record<PropertyKey, unknown>; element?: unknown };
  return here.shape?.[part] ?? here.element;
}

/** Of a discriminated union, the option whose `kind` the value names. */
function pick(schema: unknown, value: unknown): object {
  const here = schema as { options?: readonly { shape?: Record<string, { value?: unknown }> }[] };
  const kind = (value as { kind?: unknown } | undefined)?.kind;
  return here.options?.find((option) => option.shape?.kind?.value === kind) ?? (schema as object) ?? {};
}

function unwrap(schema: unknown): unknown {
  let here = schema as { def?: { innerType?: unknown; in?: unknown } } | undefined;
  while (here?.def?.innerType !== undefined || here?.def?.in !== undefined)
    here = (here.def.innerType ?? here.def.in) as typeof here;
  return here;
}

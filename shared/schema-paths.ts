/** Settings as flat paths: `http.port`, `modems[0].name`. One place knows how they are written. */
import { z } from "zod";

export type Tree = { [name: string]: unknown };

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schema below defaults, optionals and pipes. */
export function core(schema: z.core.$ZodType): z.core.$ZodType {
  const def = schema._zod.def as { innerType?: z.core.$ZodType; in?: z.core.$ZodType };
  const inner = def.innerType ?? def.in;
  return inner === undefined ? schema : core(inner);
}

export function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | undefined {
  const inner = core(schema);
  return inner instanceof z.ZodObject ? inner.shape : undefined;
}

export function elementOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const inner = core(schema);
  return inner instanceof z.ZodArray ? (inner.element as z.core.$ZodType) : undefined;
}

export interface Leaf {
  /** `http.port` */
  readonly path: string;
  readonly schema: z.core.$ZodType;
}

/** Every setting that is not a section, in the order of the schema. */
export function leavesOf(schema: z.core.$ZodType, prefix = ""): Leaf[] {
  const shape = shapeOf(schema);
  if (shape === undefined) return [{ path: prefix, schema }];
  return Object.entries(shape).flatMap(([name, field]) =>
    leavesOf(field, prefix === "" ? name : `${prefix}.${name}`),
  );
}

/** What the schema knows at a path of names and indices; undefined when the path leads nowhere. */
export function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let here: z.core.$ZodType | undefined = schema;
  for (const step of path) {
    if (here === undefined) return undefined;
    here = typeof step === "number" ? elementOf(here) : shapeOf(here)?.[String(step)];
  }
  return here;
}

export function writePath(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) => (typeof step === "number" ? `[${step}]` : `${i === 0 ? "" : "."}${String(step)}`))
    .join("");
}

export function setAt(tree: Tree, path: string, value: unknown): void {
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  let here = tree;
  for (const step of steps) {
    const next = here[step];
    if (isTree(next)) here = next;
    else {
      const made: Tree = {};
      here[step] = made;
      here = made;
    }
  }
  here[last] = value;
}

export function getAt(tree: unknown, path: string): unknown {
  let here = tree;
  for (const step of path.split(".")) here = isTree(here) ? here[step] : undefined;
  return here;
}

/**
 * Settings from four layers, each over the one before: defaults (in the schema), a TOML file, the
 * environment, flags. One zod schema says what there is; where each value came from is remembered.
 */
import { readFileSync } from "node:fs";
import { parse as parseToml, TomlError } from "smol-toml";
import type { z } from "zod";
import { closest } from "./closest.ts";
import { environmentName, readText } from "./config/environment.ts";
import {
  getAt,
  isTree,
  type Leaf,
  leavesOf,
  schemaAt,
  setAt,
  shapeOf,
  type Tree,
  writePath,
} from "./schema-paths.ts";

export interface SettingsLayers {
  /** Path of a TOML file. */
  readonly file?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `DUNLIN` makes `http.port` the variable `DUNLIN_HTTP_PORT`. */
  readonly prefix: string;
  /** Variables with the prefix that mean something else; a trailing `*` stands for any ending. */
  readonly foreign?: readonly string[];
  /** By path, such as `{ "http.port": 8080 }`; texts are read as in the environment. */
  readonly flags?: Readonly<Record<string, unknown>>;
}

/** `default`, `file PATH`, `environment NAME` or `flag`. */
export type SettingSource = string;

export interface LoadedSettings<T> {
  readonly settings: T;
  /** By path of a leaf, such as `http.port`. */
  readonly sources: ReadonlyMap<string, SettingSource>;
  /** Unknown variables of the environment: no error, because a container platform may have set them. */
  readonly warnings: readonly string[];
}

/** All that is wrong with the settings, one line each: the name, the rule and where it was set. */
export class SettingsError extends Error {
  override name = "SettingsError";
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

/** @throws SettingsError */
export function loadSettings<S extends z.ZodObject>(
  schema: S,
  layers: SettingsLayers,
): LoadedSettings<z.output<S>> {
  const tree: Tree = {};
  const leaves = leavesOf(schema);
  const sources = new Map<string, SettingSource>(leaves.map(({ path }) => [path, "default"]));
  const put = (path: string, value: unknown, source: SettingSource): void => {
    setAt(tree, path, value);
    sources.set(path, source);
  };
  if (layers.file !== undefined)
    applyFile(readFile(layers.file), leaves, tree, `file ${layers.file}`, sources);
  const warnings = applyEnvironment(layers, leaves, put);
  applyFlags(layers.flags ?? {}, schema, leaves, put);
  const parsed = schema.safeParse(tree);
  if (!parsed.success)
    throw new SettingsError(parsed.error.issues.flatMap((issue) => describe(issue, schema, sources)));
  return { settings: parsed.data, sources, warnings };
}

function readFile(path: string): Tree {
  try {
    return parseToml(readFileSync(path, "utf8")) as Tree;
  } catch (error) {
    if (error instanceof TomlError)
      throw new SettingsError([
        `${path}:${error.line}:${error.column}: not valid TOML: ${firstLine(error.message)}`,
      ]);
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    const remedy =
      code === "ENOENT" ? "there is no such file; check the path" : `it cannot be read (${code})`;
    throw new SettingsError([`${path}: ${remedy}`]);
  }
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? text;
}

/** Copies the whole tree, so that unknown names in the file reach the schema and are refused there. */
function applyFile(
  file: Tree,
  leaves: readonly Leaf[],
  tree: Tree,
  source: SettingSource,
  sources: Map<string, SettingSource>,
): void {
  Object.assign(tree, structuredClone(file));
  for (const { path } of leaves) if (getAt(file, path) !== undefined) sources.set(path, source);
}

function applyEnvironment(
  layers: SettingsLayers,
  leaves: readonly Leaf[],
  put: (path: string, value: unknown, source: SettingSource) => void,
): string[] {
  const environment = layers.environment ?? {};
  const byName = new Map(leaves.map((leaf) => [environmentName(layers.prefix, leaf.path), leaf]));
  const isForeign = (name: string): boolean =>
    (layers.foreign ?? []).some((one) =>
      one.endsWith("*") ? name.startsWith(one.slice(0, -1)) : name === one,
    );
  const warnings: string[] = [];
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(`${layers.prefix}_`) || text === undefined || isForeign(name)) continue;
    const leaf = byName.get(name);
    if (leaf !== undefined) put(leaf.path, readText(text, leaf.schema), `environment ${name}`);
    else
      warnings.push(`environment ${name}: no setting has this name${didYouMean(name, [...byName.keys()])}`);
  }
  return warnings;
}

function applyFlags(
  flags: Readonly<Record<string, unknown>>,
  schema: z.ZodObject,
  leaves: readonly Leaf[],
  put: (path: string, value: unknown, source: SettingSource) => void,
): void {
  for (const [path, value] of Object.entries(flags)) {
    const leaf = leaves.find((one) => one.path === path);
    if (leaf === undefined) {
      const known = leaves.map((one) => one.path);
      const section = schemaAt(schema, path.split(".")) === undefined ? "no setting has" : "a section has";
      throw new SettingsError([`flag ${path}: ${section} this name${didYouMean(path, known)}`]);
    }
    put(path, typeof value === "string" ? readText(value, leaf.schema) : value, "flag");
  }
}

function describe(
  issue: z.core.$ZodIssue,
  schema: z.ZodObject,
  sources: ReadonlyMap<string, SettingSource>,
): string[] {
  if (issue.code === "unrecognized_keys") {
    const section = schemaAt(schema, issue.path) ?? schema;
    const known = Object.keys(shapeOf(section) ?? {});
    return issue.keys.map(
      (key) => `${writePath([...issue.path, key])}: no setting has this name${didYouMean(key, known)}`,
    );
  }
  const path = writePath(issue.path);
  const source = sources.get(path) ?? sources.get(path.replace(/\[.*$/, "")) ?? "default";
  const missing = issue.code === "invalid_type" && /received undefined$/.test(issue.message);
  return [`${path}: ${missing ? `is missing (${issue.message})` : issue.message} (${source})`];
}

function didYouMean(name: string, known: readonly string[]): string {
  const best = closest(name, known);
  return best === undefined ? "" : `; did you mean ${best}?`;
}

export interface ExplainedSetting {
  readonly path: string;
  /** As TOML writes it; `***` for a secret that is set. */
  readonly value: string;
  readonly source: SettingSource;
  /** What it is for, from the schema. */
  readonly description: string;
}

/** Each setting with its value and where it came from. A schema marks secrets by `.meta({ secret: true })`. */
export function explainSettings<S extends z.ZodObject>(
  schema: S,
  loaded: LoadedSettings<z.output<S>>,
): ExplainedSetting[] {
  return leavesOf(schema).map(({ path, schema: leaf }) => ({
    path,
    value: writeValue(getAt(loaded.settings, path), leaf),
    source: loaded.sources.get(path) ?? "default",
    description: metaOf(leaf).description ?? "",
  }));
}

function writeValue(value: unknown, schema: z.core.$ZodType): string {
  if (value === undefined) return "";
  return JSON.stringify(hideSecrets(value, schema));
}

function hideSecrets(value: unknown, schema: z.core.$ZodType | undefined): unknown {
  if (schema === undefined || value === undefined) return value;
  if (metaOf(schema).secret === true) return "***";
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, schemaAt(schema, [0])));
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, hideSecrets(field, shapeOf(schema)?.[name])]),
  );
}

interface SettingMeta {
  readonly description?: string;
  readonly secret?: boolean;
}

function metaOf(schema: z.core.$ZodType): SettingMeta {
  for (let here: z.core.$ZodType | undefined = schema; here !== undefined; ) {
    const meta = (here as z.ZodType).meta?.() as SettingMeta | undefined;
    if (meta !== undefined) return meta;
    here = (here._zod.def as { innerType?: z.core.$ZodType }).innerType;
  }
  return {};
}

/**
 * Liquid with limits: texts in memory only, no files, no prototype, no unknown variable or filter, a bound
 * on parsing, memory and time. Measured: loops of 10^8, doubled strings and includes all end within 0.2 s.
 */
import { Liquid, type Template } from "liquidjs";
import { isVariable, VARIABLES, type VariableName } from "./variables.ts";

const TEXT_LENGTH_MAX = 2_000;
/**
 * liquidjs counts it on the wall clock. Without loops no text comes near it; it is wide so that a machine
 * that stands still for a moment never changes what is decided.
 */
const RENDER_LIMIT_MS = 5_000;
/** Steps of memory, as liquidjs counts them. */
const MEMORY_LIMIT = 100_000;
const PARSED_KEPT_MAX = 2_000;

/** A value that a template may print. Money and dates are texts already, in the debtor's language. */
export type TemplateValues = Partial<Record<VariableName, string | number>>;

export class TemplateError extends Error {
  override name = "TemplateError";
}

export interface TemplateEngine {
  /** The variables that the text names. @throws TemplateError with line and column */
  variablesOf(text: string): VariableName[];
  /** @throws TemplateError when a variable has no value, or a limit is passed. */
  render(text: string, values: TemplateValues, plural: (count: number) => string): string;
}

export function createTemplateEngine(): TemplateEngine {
  const liquid = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictVariables: true,
    strictFilters: true,
    parseLimit: TEXT_LENGTH_MAX,
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    cache: false,
  });
  for (const name of Object.keys(liquid.filters)) if (!FILTERS.has(name)) delete liquid.filters[name];
  for (const name of Object.keys(liquid.tags)) if (!TAGS.has(name)) delete liquid.tags[name];
  liquid.registerFilter("plural", pluralFilter);
  const parsed = new Map<string, Template[]>();
  const parse = (text: string): Template[] => {
    let template = parsed.get(text);
    if (template === undefined) {
      if (text.length > TEXT_LENGTH_MAX)
        throw new TemplateError(`the text is longer than ${TEXT_LENGTH_MAX} characters`);
      if (parsed.size >= PARSED_KEPT_MAX) parsed.clear();
      template = guarded(() => liquid.parse(text));
      parsed.set(text, template);
    }
    return template;
  };
  return {
    variablesOf: (text) => {
      const template = parse(text);
      const names = guarded(() => liquid.globalVariablesSync(template));
      const unknown = names.find((name) => !isVariable(name));
      if (unknown !== undefined)
        throw new TemplateError(
          `"${unknown}" is not a variable; known are ${Object.keys(VARIABLES).join(", ")}`,
        );
      return names.filter(isVariable);
    },
    render: (text, values, plural) => {
      const template = parse(text);
      const scope = { ...values };
      return guarded(() => liquid.renderSync(template, scope, { globals: { __plural: plural } }) as string);
    },
  };
}

/** What a reminder needs. Everything else of Liquid is for web shops. */
const FILTERS: ReadonlySet<string> = new Set([
  "default",
  "upcase",
  "downcase",
  "capitalize",
  "truncate",
  "strip",
]);
const TAGS: ReadonlySet<string> = new Set(["if", "unless", "case", "comment"]);

interface FilterContext {
  readonly context: { readonly globals: object };
}

/** `{{ invoice_count | plural: "invoice", "invoices" }}`: one form for CLDR's "one", the other for the rest. */
function pluralFilter(this: FilterContext, count: unknown, one: unknown, other: unknown): string {
  const { __plural } = this.context.globals as { __plural?: (count: number) => string };
  if (typeof count !== "number" || typeof one !== "string" || typeof other !== "string")
    throw new TypeError('plural needs a number and two forms: {{ invoice_count | plural: "one", "many" }}');
  return (__plural?.(count) ?? (count === 1 ? "one" : "other")) === "one" ? one : other;
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    // liquidjs repeats the text below its first line; what a debtor's values are must not reach a log.
    const message = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    throw new TemplateError(message, { cause: undefined });
  }
}

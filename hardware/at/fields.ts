/** Taking AT parameter lists apart (ITU-T V.250 5.4.2; 3GPP TS 27.007 clause 4). */

/** A list has at most so many parameters; what follows is left out. */
const FIELDS_MAX = 64;

/** A range such as `(1-4095)` is kept as its ends, so only lists of single values are bounded here. */
const SET_ITEMS_MAX = 128;

/** `+CREG: 2,1,"CE00"` gives `2,1,"CE00"`; a line without a prefix gives itself, trimmed. */
export function afterPrefix(line: string): string {
  const match = /^[+^#*%$!&][A-Z0-9_]+ ?: ?/i.exec(line);
  return (match ? line.slice(match[0].length) : line).trim();
}

/** Splits at commas outside quotes and parentheses; trims, and takes the quotes off whole fields. */
export function splitFields(text: string): string[] {
  const fields: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= text.length && fields.length < FIELDS_MAX; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === "(") depth++;
    else if (!quoted && character === ")") depth = Math.max(0, depth - 1);
    if (at === text.length || (character === "," && !quoted && depth === 0)) {
      fields.push(unquote(text.slice(start, at).trim()));
      start = at + 1;
    }
  }
  return fields;
}

export function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

/** A field that should be a whole number; undefined when it is not one. Leading zeros are common. */
export function numberField(text: string | undefined): number | undefined {
  return text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** The values a `=?` answer allows for one parameter: `(0-3,5)`, `("SM","ME")`, or `1`. */
export interface ValueSet {
  readonly items: readonly string[];
  readonly ranges: readonly (readonly [number, number])[];
}

export function allows(set: ValueSet | undefined, value: number | string): boolean {
  if (set === undefined) return false;
  if (set.items.some((item) => item === String(value) || Number(item) === value)) return true;
  return typeof value === "number" && set.ranges.some(([low, high]) => value >= low && value <= high);
}

/**
 * `(0-2),(0-3),(0,2)` gives three sets. A pair of parentheses around the whole list is taken off (some
 * Wavecom); without any parentheses the whole is one set (Huawei MU609: `"ME","MT","SM"`).
 */
export function parseSets(text: string): ValueSet[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  if (!trimmed.includes("(")) return [parseSet(trimmed)];
  const groups = splitFields(trimmed);
  const only = groups[0];
  if (groups.length === 1 && only?.startsWith("((")) return parseSets(only.slice(1, -1));
  return groups.map((group) => parseSet(group.startsWith("(") ? group.slice(1, -1) : group));
}

function parseSet(inner: string): ValueSet {
  const items: string[] = [];
  const ranges: (readonly [number, number])[] = [];
  for (const field of splitFields(inner).slice(0, SET_ITEMS_MAX)) {
    const range = /^(\d{1,9})-(\d{1,9})$/.exec(field);
    if (range) ranges.push([Number(range[1]), Number(range[2])]);
    else if (field !== "") items.push(field);
  }
  return { items, ranges };
}

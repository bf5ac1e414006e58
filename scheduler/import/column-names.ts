/** Pure: which fields a column may stand for, by its name alone. */
import { type Field, normalise } from "./fields.ts";
import { SYNONYMS } from "./synonyms.ts";

export interface MappedColumn {
  readonly index: number;
  /** "C", as a spreadsheet names it. */
  readonly column: string;
  /** As the file writes it. */
  readonly header: string;
  readonly field?: Field;
  /** How the field was told. */
  readonly by?: "asked" | "remembered" | "name" | "values";
  /** Why a column is not used whose name would have fitted a field. */
  readonly note?: string;
}

/** Fields that this name may stand for, the likeliest first. */
export function fieldsNamed(text: string): Field[] {
  const name = normalise(text);
  const ranked = (Object.keys(SYNONYMS) as Field[])
    .map((field) => ({ field, rank: rankNormalised(field, name) }))
    .filter(({ rank }) => rank !== undefined) as { field: Field; rank: number }[];
  return ranked.sort((a, b) => a.rank - b.rank).map(({ field }) => field);
}

/** How well the name fits: 0 is best. Undefined when it does not. */
export function rankOf(field: Field, text: string): number | undefined {
  return rankNormalised(field, normalise(text));
}

/** The field's own name first, then its place among the synonyms. A unit in brackets or behind is left off. */
function rankNormalised(field: Field, name: string): number | undefined {
  if (name === normalise(field)) return 0;
  const names = SYNONYMS[field];
  const exact = names.indexOf(name);
  if (exact !== -1) return exact + 1;
  const bare = name.replace(/ (eur|usd|gbp|chf|mxn|cop|clp|pen|brl|in eur|en euros|e)$/, "");
  const withoutUnit = bare === name ? -1 : names.indexOf(bare);
  return withoutUnit === -1 ? undefined : withoutUnit + 1_000;
}

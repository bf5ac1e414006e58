/**
 * The tables of one language as the annex of 23.038 prints them: eight rows of sixteen codes, row `n`
 * starting at code 16·n. A middle dot marks a code without a symbol (no table has that character), as
 * does the escape code 1B.
 */
export interface LanguageTables {
  /** National language locking shift table; absent where the language uses the default alphabet. */
  readonly locking?: readonly string[];
  /** National language single shift table: what follows an escape. */
  readonly shift: readonly string[];
}

export const NO_SYMBOL = "·";

/**
 * The GSM 7-bit alphabets in the form that code wants: arrays of character codes to decode, and one
 * array over all characters to encode (23.038 6.2.1). Built once, then only read.
 */
import { bengali, gujarati, hindi, oriya, punjabi } from "./indic-north.ts";
import { kannada, malayalam, tamil, telugu } from "./indic-south.ts";
import { type LanguageTables, NO_SYMBOL } from "./language-tables.ts";
import { defaultAlphabet, portuguese, spanish, turkish } from "./latin.ts";
import { urdu } from "./urdu.ts";

export const ESCAPE = 0x1b;

/** Of a code for which the table has no symbol: the reader sees that something was there. */
const UNDEFINED_SYMBOL = 0xfffd;

/** National language identifiers are the index (23.038 6.2.1.2.4). */
const LANGUAGES: readonly LanguageTables[] = [
  defaultAlphabet,
  turkish,
  spanish,
  portuguese,
  bengali,
  gujarati,
  hindi,
  kannada,
  malayalam,
  oriya,
  punjabi,
  tamil,
  telugu,
  urdu,
];

const LOCKING = LANGUAGES.map((language) => {
  const codes = characterCodes(language.locking ?? lockingOfDefault(), UNDEFINED_SYMBOL);
  // The code is the same in all of them; nobody sees it as a character.
  codes[ESCAPE] = ESCAPE;
  return codes;
});
const SHIFT = LANGUAGES.map((language) => characterCodes(language.shift, 0));
const DEFAULT_LOCKING = codesAt(LOCKING, 0);
const DEFAULT_SHIFT = codesAt(SHIFT, 0);

function lockingOfDefault(): readonly string[] {
  return defaultAlphabet.locking ?? [];
}

function characterCodes(rows: readonly string[], missing: number): Uint16Array {
  const text = rows.join("");
  if (text.length !== 128) throw new Error(`a 7-bit table has 128 codes, this one ${text.length}`);
  return Uint16Array.from(text, (symbol) => (symbol === NO_SYMBOL ? missing : symbol.charCodeAt(0)));
}

function codesAt(tables: readonly Uint16Array[], language: number): Uint16Array {
  const codes = tables[language] ?? tables[0];
  if (codes === undefined) throw new Error("there is no default alphabet");
  return codes;
}

/** The 128 character codes of a locking table; an unknown language means the default alphabet. */
export function lockingCodes(language: number): Uint16Array {
  return language === 0 ? DEFAULT_LOCKING : codesAt(LOCKING, language);
}

/** The 128 character codes of a single shift table; 0 where a code has no symbol. */
export function shiftCodes(language: number): Uint16Array {
  return language === 0 ? DEFAULT_SHIFT : codesAt(SHIFT, language);
}

/** A locking and a single shift table joined for encoding. */
export interface Gsm7Alphabet {
  readonly lockingShift: number;
  readonly singleShift: number;
  /**
   * By character code: the septet; with `ESCAPED` set, the septet after an escape; or `NOT_IN_ALPHABET`.
   * Characters from `septets.length` on are not in the alphabet either.
   */
  readonly septets: Uint16Array;
}

export const ESCAPED = 0x80;
export const NOT_IN_ALPHABET = 0xffff;

/** The highest character of the alphabets that can be encoded is U+221E, the infinity sign of Portuguese. */
const ENCODABLE_BELOW = 0x221f;

function joined(lockingShift: number, singleShift: number): Gsm7Alphabet {
  const septets = new Uint16Array(ENCODABLE_BELOW).fill(NOT_IN_ALPHABET);
  // The main table last: a symbol that both have is one septet, not two. None is twice in one table.
  shiftCodes(singleShift).forEach((symbol, code) => {
    if (symbol !== 0) septets[symbol] = ESCAPED | code;
  });
  lockingCodes(lockingShift).forEach((symbol, code) => {
    if (code !== ESCAPE) septets[symbol] = code;
  });
  return { lockingShift, singleShift, septets };
}

export const DEFAULT_ALPHABET: Gsm7Alphabet = joined(0, 0);

/** Of all languages; those beyond Portuguese are decoded only. */
const ENCODABLE: readonly Gsm7Alphabet[] = [
  DEFAULT_ALPHABET,
  joined(0, 1),
  joined(1, 0),
  joined(1, 1),
  joined(0, 2),
  joined(0, 3),
  joined(3, 0),
  joined(3, 3),
];

/** The alphabet of these two tables, or undefined where we only decode. */
export function encodableAlphabet(lockingShift: number, singleShift: number): Gsm7Alphabet | undefined {
  if (lockingShift === 0 && singleShift === 0) return DEFAULT_ALPHABET;
  return ENCODABLE.find((each) => each.lockingShift === lockingShift && each.singleShift === singleShift);
}

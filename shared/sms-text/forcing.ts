/** Which characters make a message UCS-2. */
import { DEFAULT_ALPHABET, NOT_IN_ALPHABET } from "./alphabet.ts";
import { SmsTextError } from "./error.ts";

export interface ForcingCharacter {
  readonly character: string;
  readonly codePoint: number;
  /** Where it first stands, in UTF-16 units. */
  readonly index: number;
}

/** Of characters that were seen; a power of two not below the letters of an alphabet in both cases. */
const PLACES = 64;
const FREE = -1;

/**
 * Each character that is not in the default alphabet, once. Most texts are of one script, so a place by
 * the low bits remembers nearly every character seen; one that is driven from its place, or needs two
 * units, is remembered in a set.
 */
export function forcingCharacters(text: string): readonly ForcingCharacter[] {
  const { septets } = DEFAULT_ALPHABET;
  const found: ForcingCharacter[] = [];
  const places = new Array<number>(PLACES).fill(FREE);
  let elsewhere: Set<number> | undefined;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const place = unit & (PLACES - 1);
    if (places[place] === unit || (septets[unit] ?? NOT_IN_ALPHABET) !== NOT_IN_ALPHABET) continue;
    const codePoint = text.codePointAt(index) as number;
    if ((codePoint & ~0x7ff) === 0xd800) throw loneSurrogate(index);
    if (!elsewhere?.has(codePoint))
      found.push({ character: String.fromCodePoint(codePoint), codePoint, index });
    const driven = codePoint === unit ? (places[place] as number) : codePoint;
    if (driven !== FREE) elsewhere = (elsewhere ?? new Set()).add(driven);
    if (codePoint === unit) places[place] = unit;
    else index++;
  }
  return Object.freeze(found);
}

function loneSurrogate(index: number): SmsTextError {
  return new SmsTextError(
    "lone-surrogate",
    `text: half of a surrogate pair stands alone at index ${index}; send well-formed Unicode`,
    index,
  );
}

/** Replaces what a 7-bit alphabet lacks, and keeps a record of each replacement. */
import { type Gsm7Alphabet, NOT_IN_ALPHABET } from "./alphabet.ts";
import { tabledReplacement } from "./replacements.ts";

export interface Replacement {
  readonly from: string;
  readonly to: string;
  /** Where `from` stood in the text as it was given, in UTF-16 units. */
  readonly index: number;
}

export interface Transliteration {
  readonly text: string;
  readonly replacements: readonly Replacement[];
}

export function isInAlphabet(text: string, alphabet: Gsm7Alphabet): boolean {
  for (let i = 0; i < text.length; i++) {
    if ((alphabet.septets[text.charCodeAt(i)] ?? NOT_IN_ALPHABET) === NOT_IN_ALPHABET) return false;
  }
  return true;
}

/**
 * Every character of `text` in `alphabet`, or undefined when one has no replacement: a message that
 * goes out as UCS-2 anyway gains nothing by being changed.
 */
export function transliterate(text: string, alphabet: Gsm7Alphabet): Transliteration | undefined {
  const replacements: Replacement[] = [];
  const parts: string[] = [];
  let index = 0;
  // A letter with its combining marks is one unit, so that `e` + U+0301 becomes `é`.
  for (const [unit] of text.matchAll(/\P{M}\p{M}*|\p{M}/gu)) {
    if (isInAlphabet(unit, alphabet)) {
      parts.push(unit);
    } else {
      const replacement = replacementFor(unit, alphabet);
      if (replacement === undefined) return undefined;
      replacements.push(Object.freeze({ from: unit, to: replacement, index }));
      parts.push(replacement);
    }
    index += unit.length;
  }
  return { text: parts.join(""), replacements: Object.freeze(replacements) };
}

function replacementFor(unit: string, alphabet: Gsm7Alphabet): string | undefined {
  const composed = unit.normalize("NFC");
  const candidates = [composed, tabledReplacement(composed)];
  const decomposed = composed.normalize("NFKD");
  const base = decomposed.replace(/\p{M}/gu, "");
  if (base !== "" && base !== unit) {
    candidates.push(base, [...base].map((each) => tabledReplacement(each) ?? each).join(""));
  }
  // A mark that stands alone has nothing to be put on.
  if (base === "" && /^\p{M}+$/u.test(unit)) candidates.push("");
  return candidates.find((each) => each !== undefined && isInAlphabet(each, alphabet));
}

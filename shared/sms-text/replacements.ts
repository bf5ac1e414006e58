/**
 * What may stand for a character that is not in the GSM 7-bit alphabet, when the caller asked for it.
 * Letters with marks need no row: their base letter is found by Unicode decomposition.
 */

/** Each row: the characters, then what replaces any of them. */
const ROWS: readonly (readonly [string, string])[] = [
  // Punctuation that phones and word processors put in by themselves.
  ["‘’‚‛′ʼʹ`´", "'"],
  ["“”„‟″«»", '"'],
  ["‹", "<"],
  ["›", ">"],
  ["‐‑‒–—―−", "-"],
  ["…", "..."],
  ["•·∙", "*"],
  ["⁄∕", "/"],
  ["¦", "|"],
  ["¸", ","],
  // Blanks. Those without width vanish.
  ["\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "],
  ["\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""],
  ["\u0085\u2028\u2029\v", "\n"],
  // Signs with a common spelling.
  ["©", "(C)"],
  ["®", "(R)"],
  ["™", "TM"],
  ["№", "No."],
  ["¢", "c"],
  ["×", "x"],
  ["÷", "/"],
  ["±", "+/-"],
  ["≤", "<="],
  ["≥", ">="],
  ["≠", "<>"],
  ["→", "->"],
  ["←", "<-"],
  ["¼", "1/4"],
  ["½", "1/2"],
  ["¾", "3/4"],
  ["µ", "u"],
  // Latin letters that do not decompose.
  ["ł", "l"],
  ["Ł", "L"],
  ["đð", "d"],
  ["ĐÐ", "D"],
  ["þ", "th"],
  ["Þ", "Th"],
  ["œ", "oe"],
  ["Œ", "OE"],
  ["ı", "i"],
  ["ŋ", "n"],
  ["Ŋ", "N"],
  ["ħ", "h"],
  ["Ħ", "H"],
  ["ŧ", "t"],
  ["Ŧ", "T"],
  ["ĸ", "k"],
  ["ə", "e"],
  ["Ə", "E"],
  ["ƒ", "f"],
  ["ẞ", "ß"],
  // Greek: the alphabet has the capitals that look unlike Latin ones; the others are the Latin shapes.
  ["Αα", "A"],
  ["Ββϐ", "B"],
  ["γ", "Γ"],
  ["δ", "Δ"],
  ["Εεϵ", "E"],
  ["Ζζ", "Z"],
  ["Ηη", "H"],
  ["θϑ", "Θ"],
  ["Ιι", "I"],
  ["Κκϰ", "K"],
  ["λ", "Λ"],
  ["Μμ", "M"],
  ["Νν", "N"],
  ["ξ", "Ξ"],
  ["Οο", "O"],
  ["π", "Π"],
  ["Ρρϱ", "P"],
  ["σς", "Σ"],
  ["Ττ", "T"],
  ["Υυ", "Y"],
  ["φϕ", "Φ"],
  ["Χχ", "X"],
  ["ψ", "Ψ"],
  ["ω", "Ω"],
];

const BY_CHARACTER: ReadonlyMap<string, string> = new Map(
  ROWS.flatMap(([characters, replacement]) => [...characters].map((each) => [each, replacement] as const)),
);

/** The replacement in the table, if there is one. */
export function tabledReplacement(character: string): string | undefined {
  return BY_CHARACTER.get(character);
}

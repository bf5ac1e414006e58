/**
 * Which charset a text file is in. The whole file is looked at, because a list of ten thousand plain names
 * may have its first accent in the last row. UTF-8 proves itself; the 8-bit charsets are told apart by the
 * letters that they make inside of words.
 */
import { FileRefused } from "./refused.ts";

export interface CharsetEvidence {
  /** First octets of the file. */
  readonly head: Uint8Array;
  readonly validUtf8: boolean;
  /** Where the first octet that is no UTF-8 stands, as a row of the file. */
  readonly firstInvalidRow: number | undefined;
  /** Of a file that is not all UTF-8: rows with letters beyond ASCII that are, and that are not. */
  readonly utf8Rows: number;
  readonly otherRows: number;
  /** How often each octet from 0x80 on stands beside a letter; index 0 is 0x80. */
  readonly insideWords: ArrayLike<number>;
  readonly nulAtEven: number;
  readonly nulAtOdd: number;
  readonly firstNulRow: number | undefined;
  readonly bytes: number;
}

export interface Charset {
  /** A label of the Encoding Standard. */
  readonly label: string;
  /** Octets of a byte order mark to leave out. */
  readonly skip: number;
  /** Shown to the person: how it was told. */
  readonly because: string;
}

/** Common letters of the languages that a charset was made for. */
const EIGHT_BIT: readonly { readonly label: string; readonly letters: string; readonly countries: string }[] =
  [
    {
      label: "windows-1252",
      letters: "äöüßéèêëàâáãåçñíîïóôõøúùûœæ",
      countries: "DE AT CH ES FR IT PT NL BE LU IE GB US CA MX CO CL PE AR BR DK SE NO FI IS",
    },
    { label: "windows-1250", letters: "ąćęłńóśźżáčďéěíňřšťúůýžőűăâîțșđ", countries: "PL CZ SK HU RO SI HR" },
    { label: "windows-1251", letters: "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєў", countries: "RU UA BY BG RS" },
    { label: "windows-1253", letters: "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώ", countries: "GR CY" },
    { label: "windows-1254", letters: "ğışöüçâîû", countries: "TR" },
    { label: "windows-1257", letters: "āčēģīķļņšūžąęėįųõäöü", countries: "LT LV EE" },
    { label: "macintosh", letters: "äöüßéèêàâçñíîóôúùœæ", countries: "" },
  ];

const UTF16_SHARE = 0.2;
/** Fewer UTF-8 rows than this share are names that were spoilt before, where the list comes from. */
const MIXTURE_SHARE = 0.1;
/** What a letter that the charset's languages use often is worth, beside any letter and no letter at all. */
const COMMON = 4;
const ANY_LETTER = 0;
const NO_LETTER = -6;
/** In favour of the charset of the creditor's country when the letters alone do not tell. */
const COUNTRY_BONUS = 0.5;

/** @throws FileRefused when it holds NULs and is no UTF-16, or when `asked` is unknown. */
export function detectCharset(evidence: CharsetEvidence, country: string, asked?: string): Charset {
  const bom = byteOrderMark(evidence.head);
  if (asked !== undefined) return askedFor(asked, bom);
  if (bom !== undefined) return bom;
  const { nulAtEven, nulAtOdd, bytes } = evidence;
  if (nulAtOdd > bytes * UTF16_SHARE && nulAtEven < nulAtOdd / 10)
    return { label: "utf-16le", skip: 0, because: "every second octet is zero" };
  if (nulAtEven > bytes * UTF16_SHARE && nulAtOdd < nulAtEven / 10)
    return { label: "utf-16be", skip: 0, because: "every second octet is zero" };
  if (evidence.firstNulRow !== undefined)
    throw new FileRefused(
      "text_broken",
      "It holds a NUL character, so this is no text file or a damaged one. Export it anew.",
      evidence.firstNulRow,
    );
  if (evidence.validUtf8) return { label: "utf-8", skip: 0, because: "all of it is valid UTF-8" };
  refuseMixture(evidence);
  return bestEightBit(evidence.insideWords, country);
}

/**
 * A row of an 8-bit charset is hardly ever UTF-8 by chance, so a file with many of both was put together
 * from two sources, and whatever it is read as, names come out wrong.
 */
function refuseMixture({ utf8Rows, otherRows, firstInvalidRow }: CharsetEvidence): void {
  if (utf8Rows === 0 || utf8Rows < (utf8Rows + otherRows) * MIXTURE_SHARE) return;
  throw new FileRefused(
    "text_broken",
    "It is not in UTF-8, while other rows of the file are. Save the list anew in UTF-8, or name its charset with --charset.",
    firstInvalidRow,
  );
}

function byteOrderMark(head: Uint8Array): Charset | undefined {
  const because = "it begins with a byte order mark";
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { label: "utf-8", skip: 3, because };
  if (head[0] === 0xff && head[1] === 0xfe) return { label: "utf-16le", skip: 2, because };
  if (head[0] === 0xfe && head[1] === 0xff) return { label: "utf-16be", skip: 2, because };
  return undefined;
}

function askedFor(asked: string, bom: Charset | undefined): Charset {
  try {
    const label = new TextDecoder(asked).encoding;
    return { label, skip: bom?.label === label ? bom.skip : 0, because: "it was asked for" };
  } catch {
    throw new FileRefused(
      "charset_unknown",
      `"${asked.slice(0, 40)}" is no charset that is known here. Examples: utf-8, windows-1252, windows-1250.`,
    );
  }
}

function bestEightBit(insideWords: ArrayLike<number>, country: string): Charset {
  const total = Array.from(insideWords).reduce((sum, count) => sum + count, 0);
  const scored = EIGHT_BIT.map((charset) => ({
    label: charset.label,
    score:
      scoreOf(charset.label, charset.letters, insideWords) +
      (charset.countries.split(" ").includes(country) ? COUNTRY_BONUS * (total + 1) : 0),
  }));
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  return { label: best.label, skip: 0, because: `it is not UTF-8, and its letters fit ${best.label} best` };
}

function scoreOf(label: string, letters: string, insideWords: ArrayLike<number>): number {
  const decoder = new TextDecoder(label);
  const common = new Set(letters + letters.toUpperCase());
  let score = 0;
  for (let i = 0; i < 128; i++) {
    const count = insideWords[i] ?? 0;
    if (count === 0) continue;
    const character = decoder.decode(Uint8Array.of(0x80 + i));
    const worth = common.has(character) ? COMMON : /\p{L}/u.test(character) ? ANY_LETTER : NO_LETTER;
    score += count * worth;
  }
  return score;
}

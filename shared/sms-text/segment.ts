/**
 * How a text becomes segments. One function counts for the encoder, the preview and the bill, so that
 * the number shown is the number sent (23.040 9.2.3.24.1, 23.038 6.2.1).
 */
import {
  DEFAULT_ALPHABET,
  ESCAPED,
  encodableAlphabet,
  type Gsm7Alphabet,
  NOT_IN_ALPHABET,
} from "./alphabet.ts";
import { SmsTextError } from "./error.ts";
import { type ForcingCharacter, forcingCharacters } from "./forcing.ts";
import { type Replacement, transliterate } from "./transliterate.ts";

export type EncodableLanguage = "turkish" | "spanish" | "portuguese";

export interface SegmentOptions {
  /** `auto` (default) takes 7-bit when every character fits, else UCS-2. */
  readonly alphabet?: "auto" | "gsm7" | "ucs2";
  /** Size of the concatenation reference, 8 (default) or 16 bits; the latter costs one octet a segment. */
  readonly referenceBits?: 8 | 16;
  /** National shift tables that may be used when the default alphabet does not do. None by default. */
  readonly languages?: readonly EncodableLanguage[];
  /** Replace what has no 7-bit character, when that makes the whole text 7-bit. */
  readonly transliterate?: boolean;
  /** 1..255, default 255: the most that a concatenation header can number. */
  readonly maxSegments?: number;
}

export interface SegmentedText {
  readonly text: string;
  /** Septets or UTF-16 units, without the header. */
  readonly units: number;
}

export interface Segmentation {
  readonly alphabet: "gsm7" | "ucs2";
  /** The text as it goes out: after replacements, if there were any. */
  readonly text: string;
  /** National language identifiers; 0 is the default alphabet. */
  readonly singleShift: number;
  readonly lockingShift: number;
  /** Septets or UTF-16 units of all segments. */
  readonly units: number;
  /** What one of these segments can hold: 160/153/152, 70/67/66, less with national tables. */
  readonly unitsPerSegment: number;
  readonly segments: readonly SegmentedText[];
  /** Each character, once, that made the message UCS-2. */
  readonly forcingUcs2: readonly ForcingCharacter[];
  readonly replacements: readonly Replacement[];
}

/** 9.2.3.24.1: the total is one octet and never 0. */
const SEGMENTS_MAX = 255;
/** 9.2.3.16: TP-UD of a SUBMIT or DELIVER. */
const USER_DATA_OCTETS = 140;
/** TP-UDHL (9.2.3.24). */
const HEADER_LENGTH_OCTETS = 1;
/** IEI, IEDL and one octet of data (9.2.3.24.15, .16). */
const SHIFT_ELEMENT_OCTETS = 3;

const NONE: readonly never[] = Object.freeze([]);

/** By language: the tables worth trying, the one that phones know best first. */
const NATIONAL: Readonly<Record<EncodableLanguage, readonly (readonly [locking: number, single: number])[]>> =
  {
    turkish: [
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    spanish: [[0, 2]],
    portuguese: [
      [0, 3],
      [3, 0],
      [3, 3],
    ],
  };

interface Plan {
  readonly text: string;
  readonly alphabet: Gsm7Alphabet | undefined;
  readonly units: number;
  readonly forcingUcs2: readonly ForcingCharacter[];
  readonly replacements: readonly Replacement[];
}

/**
 * Chooses the alphabet and cuts the text. An escape and its character, and the two halves of a
 * surrogate pair, stay in one segment.
 *
 * @throws SmsTextError when it needs more segments than allowed, when half of a surrogate pair stands
 *   alone, or when `alphabet: "gsm7"` is asked for and a character has no place in it.
 */
export function segmentText(text: string, options: SegmentOptions = {}): Segmentation {
  return segmented(text, options, true);
}

/**
 * The same segments for who only sends them: `forcingUcs2` is empty, because to list the characters takes
 * as long as all the rest.
 */
export function splitText(text: string, options: SegmentOptions = {}): Segmentation {
  return segmented(text, options, false);
}

function segmented(text: string, options: SegmentOptions, listForcing: boolean): Segmentation {
  const units = options.alphabet === "ucs2" ? -1 : septetCount(text, DEFAULT_ALPHABET);
  const plan: Plan =
    units >= 0
      ? { text, alphabet: DEFAULT_ALPHABET, units, forcingUcs2: NONE, replacements: NONE }
      : choose(text, options, listForcing);
  return cut(plan, options);
}

/** Septets that `text` takes in `alphabet`, or -1 when a character is not in it. */
function septetCount(text: string, alphabet: Gsm7Alphabet): number {
  const { septets } = alphabet;
  let units = text.length;
  for (let i = 0; i < text.length; i++) {
    const septet = septets[text.charCodeAt(i)] ?? NOT_IN_ALPHABET;
    if (septet >= ESCAPED) {
      if (septet === NOT_IN_ALPHABET) return -1;
      units++;
    }
  }
  return units;
}

function choose(text: string, options: SegmentOptions, listForcing: boolean): Plan {
  const wanted = options.alphabet ?? "auto";
  const mustLook = listForcing || wanted === "gsm7" || !text.isWellFormed();
  const forcingUcs2 = mustLook ? forcingCharacters(text) : NONE;
  const mayBeSevenBit =
    wanted !== "ucs2" && (options.languages !== undefined || options.transliterate === true);
  const sevenBit = mayBeSevenBit ? cheapest(sevenBitPlans(text, options), options) : undefined;
  if (sevenBit) return sevenBit;
  const [first] = forcingUcs2;
  if (wanted === "gsm7" && first) {
    const name = first.codePoint.toString(16).toUpperCase().padStart(4, "0");
    throw new SmsTextError(
      "not-encodable",
      `text: U+${name} at index ${first.index} is not in the GSM 7-bit alphabet; ` +
        "allow UCS-2, transliteration or a national language",
      first.index,
    );
  }
  return {
    text,
    alphabet: undefined,
    units: text.length,
    forcingUcs2: wanted === "ucs2" ? NONE : forcingUcs2,
    replacements: NONE,
  };
}

function* sevenBitPlans(text: string, options: SegmentOptions): Generator<Plan> {
  const alphabets = (options.languages ?? [])
    .flatMap((language) => NATIONAL[language])
    .flatMap(([locking, single]) => encodableAlphabet(locking, single) ?? []);
  for (const alphabet of alphabets) {
    const units = septetCount(text, alphabet);
    if (units >= 0) yield { text, alphabet, units, forcingUcs2: NONE, replacements: NONE };
  }
  if (options.transliterate !== true) return;
  for (const alphabet of [DEFAULT_ALPHABET, ...alphabets]) {
    const changed = transliterate(text, alphabet);
    if (!changed) continue;
    yield { ...changed, alphabet, units: septetCount(changed.text, alphabet), forcingUcs2: NONE };
  }
}

/**
 * The fewest replacements win, then the fewest segments; the earlier plan among equals. So a single shift
 * goes before a locking shift: a phone that knows neither shows the plain letter for the first, and wrong
 * ones for the second.
 */
function cheapest(plans: Iterable<Plan>, options: SegmentOptions): Plan | undefined {
  let best: { plan: Plan; replacements: number; segments: number } | undefined;
  for (const plan of plans) {
    const replacements = plan.replacements.length;
    const segments = Math.ceil(plan.units / unitsPerSegment(plan, options));
    const isBetter =
      !best ||
      replacements < best.replacements ||
      (replacements === best.replacements && segments < best.segments);
    if (isBetter) best = { plan, replacements, segments };
  }
  return best?.plan;
}

function capacityOf(plan: Plan, concatenationOctets: number): number {
  const { alphabet } = plan;
  const shifts = alphabet ? Number(alphabet.singleShift !== 0) + Number(alphabet.lockingShift !== 0) : 0;
  const elements = concatenationOctets + shifts * SHIFT_ELEMENT_OCTETS;
  const free = USER_DATA_OCTETS - (elements === 0 ? 0 : HEADER_LENGTH_OCTETS + elements);
  return alphabet ? Math.floor((free * 8) / 7) : Math.floor(free / 2);
}

function unitsPerSegment(plan: Plan, options: SegmentOptions): number {
  const single = capacityOf(plan, 0);
  return plan.units <= single ? single : capacityOf(plan, options.referenceBits === 16 ? 6 : 5);
}

function cut(plan: Plan, options: SegmentOptions): Segmentation {
  const capacity = unitsPerSegment(plan, options);
  const { text, units, alphabet } = plan;
  const segments: SegmentedText[] = [];
  if (units <= capacity) segments.push(Object.freeze({ text, units }));
  else if (alphabet && units > text.length) cutAtSeptets(segments, text, alphabet, capacity);
  else cutAtUnits(segments, text, capacity);
  const most = Math.min(options.maxSegments ?? SEGMENTS_MAX, SEGMENTS_MAX);
  if (segments.length > most) {
    throw new SmsTextError(
      "too-long",
      `text: needs ${segments.length} segments of ${capacity} ${alphabet ? "septets" : "UTF-16 units"}, ` +
        `at most ${most} are allowed; shorten the text or send several messages`,
    );
  }
  return Object.freeze({
    alphabet: alphabet ? "gsm7" : "ucs2",
    text,
    singleShift: alphabet?.singleShift ?? 0,
    lockingShift: alphabet?.lockingShift ?? 0,
    units,
    unitsPerSegment: capacity,
    segments: Object.freeze(segments),
    forcingUcs2: plan.forcingUcs2,
    replacements: plan.replacements,
  });
}

/** For texts whose characters take one unit each, but for surrogate pairs. */
function cutAtUnits(segments: SegmentedText[], text: string, capacity: number): void {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + capacity, text.length);
    if (end < text.length && (text.charCodeAt(end) & 0xfc00) === 0xdc00) end--;
    segments.push(Object.freeze({ text: text.slice(start, end), units: end - start }));
    start = end;
  }
}

function cutAtSeptets(
  segments: SegmentedText[],
  text: string,
  alphabet: Gsm7Alphabet,
  capacity: number,
): void {
  let start = 0;
  let units = 0;
  for (let i = 0; i < text.length; i++) {
    const cost = (alphabet.septets[text.charCodeAt(i)] ?? 0) >= ESCAPED ? 2 : 1;
    if (units + cost > capacity) {
      segments.push(Object.freeze({ text: text.slice(start, i), units }));
      start = i;
      units = 0;
    }
    units += cost;
  }
  segments.push(Object.freeze({ text: text.slice(start), units }));
}

/**
 * Texts as SMS carry them: which alphabet, how many segments, what must change to fit 7 bits. The same
 * code serves the encoder, the preview and the bill (3GPP TS 23.038, 23.040 9.2.3.24).
 */
export {
  DEFAULT_ALPHABET,
  ESCAPE,
  ESCAPED,
  encodableAlphabet,
  type Gsm7Alphabet,
  lockingCodes,
  NOT_IN_ALPHABET,
  shiftCodes,
} from "./sms-text/alphabet.ts";
export { SmsTextError, type SmsTextErrorCode } from "./sms-text/error.ts";
export type { ForcingCharacter } from "./sms-text/forcing.ts";
export {
  type EncodableLanguage,
  type Segmentation,
  type SegmentedText,
  type SegmentOptions,
  segmentText,
  splitText,
} from "./sms-text/segment.ts";
export type { Replacement } from "./sms-text/transliterate.ts";

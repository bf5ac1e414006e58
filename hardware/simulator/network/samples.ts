/** Messages that a host seldom sees and must survive, as whole PDUs with their service centre field. */

/** Service centre +491710760000, DELIVER, from +4917712345. */
const HEAD = "0791947101670000";
const FROM = "0A919471173254";
const STAMP = "62101011000040";

/**
 * What stands in them by 23.040: class 0 (DCS 10), a WAP push (8-bit, ports 2948 and 9200), a message
 * waiting indication (DCS C8), 8-bit data to a port, a sender by name (TON 5), and four broken ones.
 */
export const SAMPLES = {
  "class-0": `${HEAD}04${FROM}0010${STAMP}02C834`,
  "wap-push": `${HEAD}44${FROM}00F5${STAMP}0D0605040B8423F001060301AE02`,
  "message-waiting": `${HEAD}04${FROM}00C8${STAMP}00`,
  "data-to-port": `${HEAD}44${FROM}00F5${STAMP}0B06050415811581DEADBEEF`,
  "name-as-sender": `${HEAD}040ED0C474D90D5A83010000${STAMP}02C834`,
  /** Ends in the middle of the time stamp. */
  truncated: `${HEAD}04${FROM}0000621010`,
  /** TP-UDL promises more than there is. */
  "length-lies": `${HEAD}04${FROM}0000${STAMP}A0C834`,
  /** The header is longer than the user data. */
  "header-too-long": `${HEAD}44${FROM}0004${STAMP}03FF0003`,
  /** TP-MTI 11 is reserved. */
  "reserved-type": `${HEAD}03${FROM}0000${STAMP}02C834`,
} as const;

export type SampleName = keyof typeof SAMPLES;
export const SAMPLE_NAMES = Object.keys(SAMPLES) as readonly SampleName[];

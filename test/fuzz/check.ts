/** What must hold of the codec for any input whatever. */
import { isDeepStrictEqual } from "node:util";
import { encodeCommand } from "#hardware/pdu/command.ts";
import { decodePdu, readPdu } from "#hardware/pdu/decode.ts";
import { encodeDeliver } from "#hardware/pdu/deliver.ts";
import { octetsFromHex } from "#hardware/pdu/hex.ts";
import { PduReader } from "#hardware/pdu/reader.ts";
import { encodeDeliverReport, encodeSubmitReport } from "#hardware/pdu/report.ts";
import { encodeStatusReport } from "#hardware/pdu/status-report.ts";
import { encodeSubmit } from "#hardware/pdu/submit.ts";
import { type EncodedPdu, PduError, type Tpdu } from "#hardware/pdu/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { FuzzInput } from "./corpus.ts";

export const DECODE_LIMIT_MS = 10;

/** A pause of the machine is not slowness of ours: slow every time is. */
const SLOW_TRIES = 5;

/** One sentence of what is wrong, or undefined. */
export function defectOf(input: FuzzInput, clock: Clock): string | undefined {
  const started = clock.monotonic();
  const outcome = decoded(input);
  const tookMs = clock.monotonic() - started;
  if (tookMs > DECODE_LIMIT_MS && isAlwaysSlow(input, clock)) return `takes ${tookMs.toFixed(1)} ms`;
  if (outcome instanceof PduError) return defectOfRefusal(outcome) ?? readsPastEnd(input);
  if (outcome instanceof Error) return `throws ${outcome.stack ?? outcome.message}`;
  return readsPastEnd(input) ?? defectOfTpdu(outcome, input);
}

function decoded({ hex, options }: FuzzInput): Tpdu | Error {
  try {
    return decodePdu(hex, options);
  } catch (error) {
    return error instanceof Error ? error : new Error(`not an Error: ${String(error)}`);
  }
}

function isAlwaysSlow(input: FuzzInput, clock: Clock): boolean {
  for (let tries = 0; tries < SLOW_TRIES; tries++) {
    const started = clock.monotonic();
    decoded(input);
    if (clock.monotonic() - started <= DECODE_LIMIT_MS) return false;
  }
  return true;
}

function defectOfRefusal({ field, octet, code, message }: PduError): string | undefined {
  const isComplete = field !== "" && code !== undefined && Number.isInteger(octet) && (octet ?? -1) >= 0;
  return isComplete ? undefined : `refuses without field, octet or code: ${message}`;
}

/** Reads through a guard that notices every index which is not an octet of the input. */
function readsPastEnd({ hex, options }: FuzzInput): string | undefined {
  let octets: Uint8Array;
  try {
    octets = octetsFromHex(hex);
  } catch {
    return undefined;
  }
  let past: string | undefined;
  const guarded = new Proxy(octets, {
    get(target, key) {
      if (typeof key === "string" && /^-?\d+$/.test(key) && !(key in target)) past ??= key;
      return Reflect.get(target, key, target);
    },
  });
  try {
    readPdu(new PduReader(guarded), options);
  } catch (error) {
    if (!(error instanceof PduError)) return `throws when guarded: ${String(error)}`;
  }
  return past === undefined ? undefined : `reads octet ${past} of ${octets.length}`;
}

function defectOfTpdu(tpdu: Tpdu, { hex, options }: FuzzInput): string | undefined {
  const userData = "userData" in tpdu ? tpdu.userData : undefined;
  if (userData?.text !== undefined && !userData.text.isWellFormed())
    return "gives a text that is not well-formed";
  if ((userData?.data?.length ?? 0) > hex.length / 2) return "gives more data than there is";
  return defectOfRoundTrip(tpdu, options);
}

/**
 * What was decoded, when it can be encoded, decodes to itself again but for octets that are not
 * fields: spare bits, fill, padding and what trails.
 */
function defectOfRoundTrip(tpdu: Tpdu, options: FuzzInput["options"]): string | undefined {
  let encoded: EncodedPdu;
  try {
    encoded = encode(tpdu);
  } catch (error) {
    return error instanceof PduError ? undefined : `encoding throws ${String(error)}`;
  }
  const again = decodePdu(encoded.hex, { ...options, smsc: true });
  const same = encode(again).hex === encoded.hex && isDeepStrictEqual(essence(again), essence(tpdu));
  return same ? undefined : `does not come back from ${encoded.hex}`;
}

function essence(tpdu: Tpdu): object {
  const { firstOctet: _first, trailingOctets: _trailing, ...fields } = tpdu;
  return { ...fields, paddingOctets: undefined, parameterIndicator: undefined, ...bareUserData(tpdu) };
}

/**
 * A damaged header is not encoded again; an escape without its character is shown, and encoded, as
 * something else. So the length may be another.
 */
function bareUserData(tpdu: Tpdu): object {
  if (!("userData" in tpdu) || tpdu.userData === undefined) return {};
  const { length: _length, headerMalformed: _malformed, escapeAtEnd: _escape, ...userData } = tpdu.userData;
  return { userData };
}

function encode(tpdu: Tpdu): EncodedPdu {
  switch (tpdu.kind) {
    case "deliver":
      return encodeDeliver(tpdu);
    case "submit":
      return encodeSubmit(tpdu);
    case "status-report":
      return encodeStatusReport(tpdu);
    case "deliver-report":
      return encodeDeliverReport(tpdu);
    case "submit-report":
      return encodeSubmitReport(tpdu);
    case "command":
      return encodeCommand(tpdu);
  }
}

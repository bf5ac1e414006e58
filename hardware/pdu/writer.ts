/** Writes a PDU octet by octet. Every field is checked for its range before it is written. */
import { dataCoding } from "./coding.ts";
import { hexFromOctets } from "./hex.ts";
import { type DataCoding, type EncodedPdu, PduError } from "./types.ts";

/** 12 octets of service centre field, and a TPDU of at most 178 (a DELIVER-REPORT with 159 of data). */
const PDU_OCTETS_MAX = 192;
/** Septets of escapes may take twice the room before their number is checked (`packText`). */
const ROOM_OCTETS = 3 * PDU_OCTETS_MAX;

/**
 * The one buffer that all PDUs are written into: a buffer for each would cost more than the rest. Only
 * the text that `finish` returns outlives the call that writes, so no call sees another's octets.
 */
const OCTETS = Buffer.alloc(ROOM_OCTETS);

/** One at a time: what is written is lost when the next one starts. */
export class PduWriter {
  /** Only what lies before `at` is of this PDU. */
  readonly octets: Buffer = OCTETS;
  /** Where the next octet goes. */
  at = 0;
  /** Where the TPDU starts, after the service centre field. */
  tpduStart = 0;

  /** An octet known to be 0..255. */
  push(octet: number): void {
    this.octets[this.at++] = octet;
  }

  /** An octet from a caller, refused unless it is a whole number 0..`max`. */
  octet(value: number, field: string, max = 255): void {
    if (!Number.isInteger(value) || value < 0 || value > max) {
      throw this.error("out-of-range", field, `${value} is not a whole number from 0 to ${max}`);
    }
    this.push(value);
  }

  /** TP-DCS; 0 when not given. */
  coding(coding: DataCoding | number = 0): DataCoding {
    const octet = typeof coding === "number" ? coding : coding.octet;
    this.octet(octet, "coding");
    return dataCoding(octet);
  }

  bytes(octets: Uint8Array, field: string): void {
    if (this.at + octets.length > PDU_OCTETS_MAX) {
      throw this.error("too-long", field, `${octets.length} octets do not fit in a PDU`);
    }
    for (let i = 0; i < octets.length; i++) this.octets[this.at++] = octets[i] as number;
  }

  error(code: PduError["code"], field: string, detail: string): PduError {
    return new PduError(code, field, undefined, detail);
  }

  finish(): EncodedPdu {
    return Object.freeze({
      hex: hexFromOctets(this.octets, 0, this.at),
      tpduLength: this.at - this.tpduStart,
    });
  }
}

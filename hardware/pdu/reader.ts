/** Reads a PDU octet by octet. Nothing is read that is not there, and every refusal says where. */
import { PduError } from "./types.ts";

export class PduReader {
  readonly octets: Uint8Array;
  /** Of the next octet to be read. */
  at = 0;

  constructor(octets: Uint8Array) {
    this.octets = octets;
  }

  /** Octets not yet read. */
  get left(): number {
    return this.octets.length - this.at;
  }

  octet(field: string): number {
    return this.octets[this.take(1, field)] as number;
  }

  /** Passes over `count` octets and returns where they start. */
  take(count: number, field: string): number {
    const start = this.at;
    if (count > this.octets.length - start) {
      throw new PduError(
        "truncated",
        field,
        start,
        `needs ${count} octet${count === 1 ? "" : "s"}, ${this.left} left`,
      );
    }
    this.at = start + count;
    return start;
  }

  /** `count` octets as a copy of their own. */
  slice(count: number, field: string): Uint8Array {
    const start = this.take(count, field);
    const copy = new Uint8Array(count);
    for (let i = 0; i < count; i++) copy[i] = this.octets[start + i] as number;
    return copy;
  }

  error(code: PduError["code"], field: string, octet: number, detail: string): PduError {
    return new PduError(code, field, octet, detail);
  }
}

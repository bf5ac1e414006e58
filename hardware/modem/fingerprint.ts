/** By what a PDU is known again that lies on a modem. */
import { hash } from "node:crypto";

/** Characters of the digest: enough to tell the PDUs of one modem apart. */
const FINGERPRINT_CHARACTERS = 32;

/**
 * Of the TPDU without TP-MR, which the modem writes when it sends, and without the service centre, which
 * some put in by themselves. A digest, because it may be kept where texts must not be.
 */
export function fingerprintOf(hex: string): string {
  const start = 2 + 2 * Number.parseInt(hex.slice(0, 2), 16);
  const tpdu = hex.slice(start, start + 2) + hex.slice(start + 4);
  return hash("sha256", tpdu.toUpperCase(), "hex").slice(0, FINGERPRINT_CHARACTERS);
}

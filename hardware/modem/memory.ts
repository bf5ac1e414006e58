/** What outlives a session: a modem does not forget it when its port is closed, so neither do we. */

export interface ModemMemory {
  /** IMEIs of modems whose EF_SMSS was seen not to follow the references they gave. */
  readonly referenceNotKept: Set<string>;
  /** Something was handed to the modem since this object began. */
  handedOver: boolean;
  /** A submit ended unknown, and its answer may still come: also in the session after it. */
  lateAnswerDue: boolean;
  /** Fingerprints of PDUs that were to be stored and of which nobody knows whether they lie there. */
  readonly orphans: Set<string>;
}

/** Orphans beyond that stay where they are; each is one lost answer to AT+CMGW. */
export const ORPHANS_MAX = 64;

export function createMemory(): ModemMemory {
  return { referenceNotKept: new Set(), handedOver: false, lateAnswerDue: false, orphans: new Set() };
}

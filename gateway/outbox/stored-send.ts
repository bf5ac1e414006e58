/**
 * Sending by way of the modem's own storage: AT+CMGW, then AT+CMSS (3GPP TS 27.005 4.4 and 3.5.2). The claim
 * says that nothing of it goes to the network yet; that is taken back on disk before any of it may.
 */
import type { Ledger } from "#gateway/messages/ledger.ts";
import type { Modem, SubmitOutcome } from "#hardware/modem/types.ts";
import type { EncodedPdu } from "#hardware/pdu/types.ts";
import { DatabaseUnavailable } from "#shared/sqlite.ts";
import type { HandOver } from "./hand-over.ts";
import { awaitsNoMore, insertStoredEntry } from "./stored-entries.ts";

/**
 * Never rejects but for a defect. A modem that cannot store the PDU sends it without, and then its entry
 * tells nothing; where nobody knows whether it is stored, nothing is sent and it is tried again.
 */
export async function sendByStorage(
  ledger: Ledger,
  modem: Modem,
  handOver: HandOver,
  pdu: EncodedPdu,
  more: boolean,
): Promise<SubmitOutcome> {
  const stored = await modem.store(pdu);
  switch (stored.kind) {
    case "refused":
      return sendWithout(ledger, modem, handOver, pdu, more);
    case "not-stored":
      return { kind: "not-sent", reason: `The modem did not store it: ${stored.reason}` };
    case "stored":
      break;
  }
  const { entry } = stored;
  try {
    await ledger.write("store", () => insertStoredEntry(ledger.db, handOver, modem.name, entry));
  } catch (error) {
    await modem.deleteStored(entry);
    return notSent(error, "Its place on the modem could not be stored.");
  }
  return modem.sendStored(entry, { more });
}

/** From here on the end of the process leaves it open whether it was sent. */
async function sendWithout(
  ledger: Ledger,
  modem: Modem,
  handOver: HandOver,
  pdu: EncodedPdu,
  more: boolean,
): Promise<SubmitOutcome> {
  try {
    await ledger.write("store", () => awaitsNoMore(ledger.db, handOver));
  } catch (error) {
    return notSent(error, "That the modem does not store it could not be written down.");
  }
  return modem.submit(pdu, { more });
}

function notSent(error: unknown, reason: string): SubmitOutcome {
  if (!(error instanceof DatabaseUnavailable)) throw error;
  return { kind: "not-sent", reason };
}

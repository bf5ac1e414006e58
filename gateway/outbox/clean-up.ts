/** Takes away what lies on a modem and is needed no more, and then our own rows of it. */
import type { Ledger } from "#gateway/messages/ledger.ts";
import type { Modem } from "#hardware/modem/types.ts";
import type { Logger } from "#shared/logger.ts";
import { awaitsNoMore, deleteStoredEntry, leftOvers, storedEntries } from "./stored-entries.ts";

export interface CleanUpDeps {
  readonly ledger: Ledger;
  readonly modem: Modem;
  readonly log: Logger;
}

/** Entries whose message is settled. */
export async function deleteSettled({ ledger, modem, log }: CleanUpDeps, sim: number): Promise<void> {
  const over = storedEntries(ledger.db, sim, modem.name).filter((row) => row.over);
  if (over.length === 0) return;
  for (const { entry } of over) await modem.deleteStored(entry);
  if (modem.status.state !== "ready") return;
  try {
    await ledger.write("tidy", () => {
      for (const row of over) deleteStoredEntry(ledger.db, row);
    });
  } catch (error) {
    log.error({ err: error }, "deleted entries of the modem could not be forgotten");
  }
}

/**
 * Entries whose place was never written down: the process ended after AT+CMGW, or the modem's answer to it
 * was lost. Known by their own PDU, and never sent, so only unsent ones are ours to delete. Before anything
 * else is stored, since the next try of the same segment makes the same PDU.
 */
export async function deleteLeftOvers({ ledger, modem, log }: CleanUpDeps, sim: number): Promise<void> {
  const left = leftOvers(ledger.db, sim, modem.name);
  if (left.length === 0) return;
  if (!(await modem.removeUnsent(left.map(({ fingerprint }) => fingerprint)))) return;
  try {
    await ledger.write("tidy", () => {
      for (const one of left) awaitsNoMore(ledger.db, one);
    });
  } catch (error) {
    log.error({ err: error }, "deleted entries of the modem could not be forgotten");
  }
}

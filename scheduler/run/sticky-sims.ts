/** A debtor hears from one number: replies and STOP then come back to the SIM that they answer. */
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";

export interface StickySims {
  /** The SIM that sent to this debtor last, when it can send now; another one is better than none. */
  of(debtorId: RowId, canSend: (iccid: string) => boolean): string | undefined;
  /** Inside a transaction. */
  note(debtorId: RowId, iccid: string, at: number): void;
}

export function createStickySims(db: Database): StickySims {
  return {
    of(debtorId, canSend) {
      const iccid = db.sql("select iccid from sticky_sim where debtor_id = ?").pluck().get(debtorId) as
        | string
        | undefined;
      return iccid !== undefined && canSend(iccid) ? iccid : undefined;
    },
    note(debtorId, iccid, at) {
      db.sql(
        `insert into sticky_sim (debtor_id, iccid, at) values (?, ?, ?)
         on conflict (debtor_id) do update set iccid = excluded.iccid, at = excluded.at`,
      ).run(debtorId, iccid, at);
    },
  };
}

/**
 * Which PINs were tried on which SIM, and did not open it. A PIN is stored before it is tried, because
 * the third refusal locks the SIM. Only a hash is kept, bound to the SIM, so the table shows no PIN.
 */
import { createHash } from "node:crypto";
import type { PinMemory } from "#hardware/modem/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Database } from "#shared/sqlite.ts";

export function createPinMemory(db: Database, clock: Clock): PinMemory {
  return {
    async wasTried(iccid, pin) {
      const row = db
        .sql("select 1 from pin_try where iccid = ? and pin_hash = ?")
        .get(iccid, hashOf(iccid, pin));
      return row !== undefined;
    },
    async recordTry(iccid, pin) {
      await db.write(() => {
        db.sql("insert or ignore into pin_try (iccid, pin_hash, tried_at) values (?, ?, ?)").run(
          iccid,
          hashOf(iccid, pin),
          clock.now(),
        );
      });
    },
    async forgetTry(iccid, pin) {
      await db.write(() => {
        db.sql("delete from pin_try where iccid = ? and pin_hash = ?").run(iccid, hashOf(iccid, pin));
      });
    },
  };
}

function hashOf(iccid: string, pin: string): string {
  return createHash("sha256").update(`${iccid}/${pin}`).digest("base64url");
}

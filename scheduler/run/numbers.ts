/** What results of messages do to a number's standing. Facts first: a score says how sure it is. */
import { changeContactPoint } from "#scheduler/ledger/contact-points.ts";
import type { ContactPointState } from "#scheduler/ledger/states.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { NumberBook } from "./receipts.ts";

const SCORE_BEST = 100;
/** What one permanent failure takes away. */
const SCORE_STEP = 40;

interface Row {
  readonly state: ContactPointState;
  readonly score: number;
  readonly permanent_failures: number;
}

export function createNumberBook(db: Database, failuresMax: number): NumberBook {
  const read = (id: RowId): Row =>
    db.sql("select state, score, permanent_failures from contact_point where id = ?").get(id) as Row;
  const change = (at: number) => ({ actor: "scheduler", at, source: "gateway", asOf: at });
  return {
    delivered(id, at) {
      const { state } = read(id);
      const revived = state === "new" || state === "suspect" || state === "retired";
      changeContactPoint(
        db,
        id,
        {
          score: SCORE_BEST,
          permanentFailures: 0,
          lastDeliveredAt: at,
          reason: "a message was delivered",
          ...(revived ? { state: "valid" as const } : {}),
        },
        change(at),
      );
    },
    failed(id, at) {
      const row = read(id);
      const failures = row.permanent_failures + 1;
      const usable = row.state === "new" || row.state === "valid" || row.state === "suspect";
      const retires = usable && failures >= failuresMax;
      const state = retires ? ("retired" as const) : usable ? ("suspect" as const) : row.state;
      changeContactPoint(
        db,
        id,
        {
          state,
          score: retires ? 0 : Math.max(0, row.score - SCORE_STEP),
          permanentFailures: failures,
          reason: `permanent failure ${failures} of ${failuresMax}`,
        },
        change(at),
      );
      return retires;
    },
  };
}

/**
 * What happens makes its case due at once, by the clock. A clock that is ahead writes down an instant that
 * comes a second time once it is right again, and so does one that an operator accepts as set back: until
 * then a STOP or a payment would wait, for a day perhaps. How far it was ahead is on disk, and when it is
 * believed again the cases in that stretch are looked at. One look too many finds the same answer.
 */
import type { Database } from "#shared/sqlite.ts";
import type { Marks } from "./marks.ts";

/** Cases moved in one transaction: a few milliseconds. */
export const STRANDED_STEP_CASES = 2_000;
/** How exactly it is known how far the clock was ahead. */
export const AHEAD_SLACK_MS = 2 * 60_000;

/** @param now by a clock that is believed. The mark goes with the last case, so a killed walk begins again. */
export async function takeUpStranded(db: Database, marks: Marks, now: number): Promise<void> {
  const aheadMs = marks.number("clock.ahead");
  if (aheadMs === undefined) return;
  const until = now + aheadMs + AHEAD_SLACK_MS;
  for (let more = aheadMs > 0; more; )
    more = await db.write(() => {
      const { changes } = db
        .sql(
          `update dunning_case set next_action_at = ? where id in (
             select id from dunning_case where next_action_at > ? and next_action_at <= ? limit ?)`,
        )
        .run(now, now, until, STRANDED_STEP_CASES);
      return changes === STRANDED_STEP_CASES;
    });
  await db.write(() => marks.clear("clock.ahead"));
}

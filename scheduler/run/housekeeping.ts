/** What is kept for a time only, removed in small steps. */
import type { Database } from "#shared/sqlite.ts";
import type { DecisionLog } from "./decision-log.ts";

const DAY_MS = 86_400_000;
/** Longer than the gateway repeats a webhook (three days). */
export const EVENT_IDS_KEPT_MS = 14 * DAY_MS;
const SCANS_KEPT_MS = 400 * DAY_MS;
const STEP = 2_000;

export interface Retention {
  readonly decisionsDays: number;
}

/** Removes what is older than its time. Each step is a transaction of its own. */
export async function prune(
  db: Database,
  decisions: DecisionLog,
  retention: Retention,
  now: number,
): Promise<void> {
  const before = now - retention.decisionsDays * DAY_MS;
  while (await db.write(() => decisions.prune(before)));
  while (
    await db.write(
      () =>
        db
          .sql("delete from gateway_event where id in (select id from gateway_event where at < ? limit ?)")
          .run(now - EVENT_IDS_KEPT_MS, STEP).changes === STEP,
    )
  );
  await db.write(() => {
    db.sql("delete from scan where started_at < ?").run(now - SCANS_KEPT_MS);
  });
}

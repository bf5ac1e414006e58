/**
 * Rules may be edited by another process or over HTTP, and a debtor may be the first one of a region: what
 * holds is read again, and every case is looked at again, because a new policy places it anew.
 */

import type { Clock } from "#shared/clock.ts";
import type { Database } from "#shared/sqlite.ts";
import type { LiveRules } from "./decide/live-rules.ts";
import { startReindex } from "./ledger/reindex.ts";
import type { RowId } from "./ledger/types.ts";

export interface RulesWatch {
  /** True when something had changed. */
  check(): Promise<boolean>;
}

/** Small tables; a word that changes with every edit of them. */
const SIGNATURE = `select
  (select count(*) || '/' || coalesce(max(created_at), 0) from policy_version) || ' ' ||
  (select coalesce(group_concat(creditor || '/' || segment || '/' || policy || '/' || assigned_at), '')
    from policy_assignment) || ' ' ||
  (select count(*) || '/' || coalesce(max(approved_at), 0) || '/' || coalesce(sum(state = 'approved'), 0)
    || '/' || coalesce(sum(state = 'retired'), 0) from template_version) || ' ' ||
  (select count(*) || '/' || coalesce(max(created_at), 0) from law_pack) || ' ' ||
  (select count(*) || '/' || coalesce(max(changed_at), 0) || '/' || coalesce(sum(removed), 0) from holiday)`;

export function watchRules(db: Database, rules: LiveRules, clock: Clock): RulesWatch {
  const read = (): string => db.sql(SIGNATURE).pluck().get() as string;
  let known = read();
  return {
    async check() {
      if (read() === known && !rules.lacksHolidays()) return false;
      await rules.refresh();
      known = read();
      await db.write(() => {
        const creditors = db.sql("select id from creditor").pluck().all() as RowId[];
        for (const creditor of creditors) startReindex(db, creditor, "all", clock.now());
      });
      return true;
    },
  };
}

/** Lists for people and programs, page by page. */
import type { Database } from "#shared/sqlite.ts";
import { given } from "./rows.ts";
import type { RowId } from "./types.ts";

export interface CaseSummary {
  readonly case: string;
  readonly creditor: string;
  readonly debtor: string;
  readonly currency: string;
  readonly stage: string;
  readonly settledAs?: string;
  readonly nextActionAt?: number;
}

export interface CaseFilter {
  readonly creditorId?: RowId;
  readonly debtorId?: RowId;
  readonly state: "open" | "settled" | "all";
  /** Row of the last case of the page before. */
  readonly after: RowId;
  readonly limit: number;
}

interface Row {
  readonly code: string;
  readonly creditor: string;
  readonly debtor: string;
  readonly currency: string;
  readonly stage: string;
  readonly settled_as: string | null;
  readonly next_action_at: number | null;
}

/** In the order in which they were opened. */
export function caseSummaries(db: Database, filter: CaseFilter): CaseSummary[] {
  const where = ["id > @after"];
  if (filter.creditorId !== undefined) where.push("creditor_id = @creditorId");
  if (filter.debtorId !== undefined) where.push("debtor_id = @debtorId");
  if (filter.state === "open") where.push("settled_at is null");
  if (filter.state === "settled") where.push("settled_at is not null");
  const rows = db
    .sql(
      `select code, currency, stage, settled_as, next_action_at,
         (select external_id from creditor where creditor.id = creditor_id) as creditor,
         (select external_id from debtor where debtor.id = debtor_id) as debtor
       from dunning_case where ${where.join(" and ")} order by id limit @limit`,
    )
    .all(filter) as Row[];
  return rows.map((row) => ({
    case: row.code,
    creditor: row.creditor,
    debtor: row.debtor,
    currency: row.currency,
    stage: row.stage,
    ...given("settledAs", row.settled_as),
    ...given("nextActionAt", row.next_action_at),
  }));
}

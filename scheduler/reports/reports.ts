/** The reports by name. */
import type { Zones } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import { agingReport } from "./aging.ts";
import { deliveryReport, optOutReport } from "./delivery.ts";
import { costReport, recoveryReport } from "./recovery.ts";
import type { ReportTable } from "./table.ts";
import { type Draft, finishDraft, type Watch } from "./walk.ts";

export const REPORT_NAMES = ["aging", "recovered", "delivery", "opt-outs", "cost"] as const;
export type ReportName = (typeof REPORT_NAMES)[number];

export interface ReportQuery {
  /** Instants, half open. Aging looks at the last day before `until`. */
  readonly from: number;
  readonly until: number;
}

export interface ReportDeps {
  readonly db: Database;
  readonly zones: Zones;
  readonly costCurrency: string;
}

/** Undefined when it was ended before its end. */
export function makeReport(
  deps: ReportDeps,
  name: ReportName,
  query: ReportQuery,
  watch: Watch = {},
): Promise<ReportTable | undefined> {
  return finishDraft(deps.db, draftOf(deps, name, query), watch);
}

function draftOf({ db, zones, costCurrency }: ReportDeps, name: ReportName, query: ReportQuery): Draft {
  switch (name) {
    case "aging":
      return agingReport(db, { asOf: zones.dateAt(query.until - 1, "Etc/UTC") });
    case "recovered":
      return recoveryReport(db, query);
    case "delivery":
      return deliveryReport(db, query);
    case "opt-outs":
      return optOutReport(db, query);
    case "cost":
      return costReport(db, query, { currency: costCurrency });
  }
}

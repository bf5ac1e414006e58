/** The end of the demo: what came of it, by the reports that the service gives, and why some heard nothing. */
import { DEMO_START } from "#scheduler/demo/load.ts";
import { makeReport, type ReportName } from "#scheduler/reports/reports.ts";
import type { ReportTable } from "#scheduler/reports/table.ts";
import type { Zones } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";

const SHOWN: readonly ReportName[] = ["recovered", "delivery", "cost", "aging"];
const REASONS_MAX = 8;

export async function summaryOf(
  db: Database,
  zones: Zones,
  now: number,
  costCurrency: string,
): Promise<string> {
  const query = { from: DEMO_START, until: now };
  const lines: string[] = [];
  for (const name of SHOWN) {
    const report = await makeReport({ db, zones, costCurrency }, name, query);
    if (report !== undefined) lines.push("", report.name, ...linesOf(report));
  }
  return [...lines, "", ...reasons(db)].join("\n");
}

function linesOf({ columns, rows }: ReportTable): string[] {
  const cells = [[...columns], ...rows.map((row) => columns.map((column) => String(row[column] ?? "")))];
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => (row[i] ?? "").length)));
  return cells.map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd());
}

/** Open cases that nobody writes to, with the rule that says so. */
function reasons(db: Database): string[] {
  const rows = db
    .sql(
      `select c.code, d.name, n.detail,
         json_extract(n.rules, '$[#-1].rule') as rule
       from dunning_case c join debtor d on d.id = c.debtor_id
         join decision n on n.case_id = c.id and n.at = (select max(at) from decision where case_id = c.id)
       where c.settled_at is null and n.kind in ('hold', 'stop')
       order by c.id limit ${REASONS_MAX}`,
    )
    .all() as { code: string; name: string; detail: string; rule: string }[];
  return [
    "silent, and why",
    ...rows.map(({ code, name, detail, rule }) => `  ${code}  ${name.padEnd(20)}  ${detail} [${rule}]`),
  ];
}

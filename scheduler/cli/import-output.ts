/** What `dunlin import` prints: plain words for the person who made the list. */
import { once } from "node:events";
import type { Writable } from "node:stream";
import { type Stringifier, stringify } from "csv-stringify";
import { FIELD_TITLES } from "#scheduler/import/fields.ts";
import type { RowProblem } from "#scheduler/import/record.ts";
import type { ImportReport, RowReport } from "#scheduler/import/report.ts";
import { table } from "./options.ts";

/** Problems printed one by one; all of them are in the file of --report. */
const PROBLEMS_SHOWN = 20;

export function describeFormat(report: ImportReport): string {
  const { format, header, settings } = report;
  const file =
    format.kind === "xlsx"
      ? `Workbook, sheet "${format.sheet}"${format.otherSheets?.length ? ` (others: ${format.otherSheets.join(", ")})` : ""}`
      : `Text in ${format.charset} (${format.charsetBecause}), cells between "${format.separator === "\t" ? "tabs" : format.separator}"`;
  const used = header.columns.filter(({ header: text }) => text !== "");
  const columns = table(
    ["column", "header", "means", "told by"],
    used.map(({ column, header: text, field, by, note }) => [
      column,
      text,
      field === undefined ? (note === undefined ? "(not used)" : `(not used: ${note})`) : FIELD_TITLES[field],
      by ?? "",
    ]),
  );
  const { decimal, dates, currency } = settings.settings;
  const styles = [
    decimal === undefined ? undefined : `Decimal ${decimal}: ${settings.because.decimal ?? "as before"}.`,
    `Dates ${dates}: ${settings.because.dates ?? "as before"}.`,
    currency === undefined ? undefined : `Currency where a row names none: ${currency}.`,
    `The list speaks of ${momentText(report.asOf)}; say otherwise with --as-of.`,
  ];
  const lines = styles.filter((line) => line !== undefined);
  return `${file}; the columns are named in row ${header.row}; it carries ${header.carries}.\n\n${columns}\n\n${lines.join("\n")}\n`;
}

/** "2026-03-01 09:30 UTC" */
function momentText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export function describeResult(report: ImportReport): string {
  const { counts, closing } = report;
  const would = report.state === "applied" || report.state === "cancelled" ? "" : "would be ";
  const lines = [
    `${counts.rows} ${counts.rows === 1 ? "row" : "rows"}: ${counts.created} ${would}created, ${counts.updated} ${would}updated, ${counts.unchanged} unchanged, ` +
      `${counts.stale} older than what is known, ${counts.ignored} ignored, ${counts.refused} wrong, ${counts.warnings} with a warning.`,
  ];
  if (closing !== undefined)
    lines.push(
      report.state === "applied"
        ? `Closed, because the list lacks them: ${closing.closed} receivables.`
        : `The list lacks ${closing.missing} of ${closing.listed} open receivables of this source; they would be closed.`,
    );
  for (const row of report.problems.slice(0, PROBLEMS_SHOWN)) lines.push(describeRow(row));
  const more = counts.refused + counts.warnings - Math.min(report.problems.length, PROBLEMS_SHOWN);
  if (more > 0) lines.push(`… and ${more} more; --report FILE.csv has every row.`);
  lines.push(ending(report));
  for (const one of report.cutOff ?? []) lines.push(describeCutOff(one));
  return lines.join("\n");
}

function ending(report: ImportReport): string {
  switch (report.state) {
    case "applied":
      return "Applied.";
    case "checked":
      return "Nothing was written. Apply it with --apply.";
    case "refused":
      return `Nothing was written. ${report.refusal?.detail ?? ""}`;
    case "cancelled":
      return "Cancelled. What was written stays; run it again for the rest.";
  }
}

function describeCutOff(one: NonNullable<ImportReport["cutOff"]>[number]): string {
  const { source, fileName, at, rows } = one;
  const what = `The import of ${fileName} (source ${source}) was cut off at ${momentText(at)}, after ${rows} rows.`;
  if (one.completed) return `${what} This import has completed it.`;
  return `${what} Those rows stay; the rest is missing until the same file is imported again with --apply. Nothing is taken twice.`;
}

function describeRow(row: RowReport): string {
  const what = row.what === undefined ? "" : ` (${row.what})`;
  const wrong = row.problems.map(describeProblem);
  const doubtful = row.warnings.map((warning) => `note: ${describeProblem(warning)}`);
  return `  row ${row.row}${what}: ${[...wrong, ...doubtful].join(" ")}`;
}

function describeProblem(problem: RowProblem): string {
  return problem.column === undefined ? problem.detail : `[${problem.column}] ${problem.detail}`;
}

/** One line for each row of the list. Cells that a spreadsheet would run as a formula are made plain. */
export function rowReportWriter(out: Writable): { write(row: RowReport): void; end(): Promise<void> } {
  const lines: Stringifier = stringify({
    header: true,
    columns: ["row", "action", "what", "changes", "problems", "warnings", "note"],
    escape_formulas: true,
    bom: true,
  });
  lines.pipe(out);
  return {
    write(row) {
      lines.write([
        row.row,
        row.action,
        row.what ?? "",
        row.changes.map((change) => `${change.field}: ${change.from ?? ""} > ${change.to ?? ""}`).join("; "),
        row.problems.map(describeProblem).join(" "),
        row.warnings.map(describeProblem).join(" "),
        row.note ?? "",
      ]);
    },
    async end() {
      lines.end();
      await once(out, "finish");
    },
  };
}

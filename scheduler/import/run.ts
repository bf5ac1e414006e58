/**
 * An import from end to end: look at the file, settle how it is read, check every row, and only then apply
 * it. The check knows everything that can make the file unfit, so a file that is refused has written nothing.
 */
import { apply } from "./apply.ts";
import { check } from "./check.ts";
import { findHeader } from "./header.ts";
import type { ImportDeps, ImportOptions, Plan } from "./options.ts";
import { readRemembered } from "./remembered.ts";
import type { ImportReport } from "./report.ts";
import { openSeen } from "./seen.ts";
import { settleSettings } from "./settle-settings.ts";
import type { SourceOptions } from "./source.ts";
import { openSpool } from "./spool.ts";

export type { ImportDeps, ImportOptions, ImportProgress } from "./options.ts";

/** @throws FileRefused when the file cannot be read as a list at all. */
export async function runImport(deps: ImportDeps, options: ImportOptions): Promise<ImportReport> {
  const plan = await makePlan(deps, options);
  const seen = openSeen();
  const spool = options.mode === "apply" ? openSpool(deps.db.connection.name) : undefined;
  try {
    const checked = await check(deps, options, plan, seen, spool);
    const base = { format: plan.format, header: plan.header, settings: plan.settled, asOf: options.asOf };
    const found = {
      ...base,
      counts: checked.tally.counts(),
      problems: checked.tally.problems(),
      ...(checked.closing === undefined ? {} : { closing: checked.closing }),
    };
    if (options.signal?.aborted) return { state: "cancelled", ...found };
    if (checked.refusal !== undefined) return { state: "refused", ...found, refusal: checked.refusal };
    if (spool === undefined) return { state: "checked", ...found };
    return { ...base, ...(await apply(deps, options, plan, seen, spool, checked.closing)) };
  } finally {
    seen.close();
    spool?.close();
  }
}

async function makePlan(deps: ImportDeps, options: ImportOptions): Promise<Plan> {
  const { creditor, source } = options;
  const country = creditor.jurisdiction.slice(0, 2);
  const fileOptions: SourceOptions = { ...options.file, country };
  const remembered = readRemembered(deps.db, creditor.id, source);
  const preview = await deps.reader.preview(options.path, fileOptions, options.signal);
  const header = findHeader(preview.rows, {
    asked: options.map ?? {},
    remembered: remembered.columns,
    ...(options.carries === undefined ? {} : { carries: options.carries }),
  });
  const currencies = Object.keys(creditor.paymentInstructions);
  const only = currencies.length === 1 ? currencies[0] : undefined;
  const known = { country, ...(only === undefined ? {} : { currency: only }) };
  const settled = settleSettings(
    header,
    preview.rows,
    source,
    known,
    options.styles ?? {},
    remembered.styles,
  );
  const change = { actor: options.actor, at: deps.clock.now(), source, asOf: options.asOf };
  return {
    ...{ format: preview.format, header, settled, change },
    fileOptions: { ...fileOptions, known: preview.format },
  };
}

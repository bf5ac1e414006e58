/**
 * An import from end to end: look at the file, settle how it is read, check every row, and only then apply
 * it. The check knows everything that can make the file unfit, so a file that is refused has written nothing.
 */
import { basename } from "node:path";
import type { Creditor } from "#scheduler/ledger/types.ts";
import { apply } from "./apply.ts";
import { check } from "./check.ts";
import { type CutOffImport, cutOffImports, isSameList } from "./cut-off.ts";
import { findHeader } from "./header.ts";
import type { ImportDeps, ImportOptions, Plan } from "./options.ts";
import type { OpenList, Preview } from "./read-file.ts";
import { readRemembered } from "./remembered.ts";
import type { ImportReport } from "./report.ts";
import { openSeen } from "./seen.ts";
import { settleSettings } from "./settle-settings.ts";
import { openSpool } from "./spool.ts";

export type { ImportDeps, ImportOptions, ImportProgress } from "./options.ts";

/** @throws FileRefused when the file cannot be read as a list at all. */
export async function runImport(deps: ImportDeps, options: ImportOptions): Promise<ImportReport> {
  const file = { ...options.file, country: countryOf(options.creditor) };
  const list = await deps.reader.open(options.path, file, options.signal);
  try {
    return await importList(deps, options, list);
  } finally {
    await list.close();
  }
}

async function importList(deps: ImportDeps, options: ImportOptions, list: OpenList): Promise<ImportReport> {
  const plan = makePlan(deps, options, list.preview);
  const before = cutOffImports(deps.db, plan.change.at, options.creditor.id);
  const seen = openSeen();
  const spool = options.mode === "apply" ? openSpool(deps.db.connection.name) : undefined;
  try {
    const checked = await check(deps, options, plan, { list, seen, spool });
    // Its memory is wanted for what follows.
    await list.close();
    const base = { format: plan.format, header: plan.header, settings: plan.settled, asOf: options.asOf };
    const found = {
      ...base,
      counts: checked.tally.counts(),
      problems: checked.tally.problems(),
      ...(checked.closing === undefined ? {} : { closing: checked.closing }),
      ...cutOffOf(before, () => false),
    };
    if (options.signal?.aborted) return { state: "cancelled", ...found };
    if (checked.refusal !== undefined) return { state: "refused", ...found, refusal: checked.refusal };
    if (spool === undefined) return { state: "checked", ...found };
    const applied = await apply(deps, options, plan, seen, spool, checked.closing);
    const fileName = basename(options.path);
    const completed = (one: CutOffImport): boolean =>
      applied.state === "applied" && isSameList(one, options.source, fileName);
    return { ...base, ...applied, ...cutOffOf(before, completed) };
  } finally {
    seen.close();
    spool?.close();
  }
}

function cutOffOf(
  before: readonly CutOffImport[],
  completed: (one: CutOffImport) => boolean,
): Pick<ImportReport, "cutOff"> {
  if (before.length === 0) return {};
  return { cutOff: before.map((one) => ({ ...one, completed: completed(one) })) };
}

/** ISO 3166-1 alpha-2. */
function countryOf(creditor: Creditor): string {
  return creditor.jurisdiction.slice(0, 2);
}

function makePlan(deps: ImportDeps, options: ImportOptions, { format, rows }: Preview): Plan {
  const { creditor, source } = options;
  const remembered = readRemembered(deps.db, creditor.id, source);
  const header = findHeader(rows, {
    asked: options.map ?? {},
    remembered: remembered.columns,
    ...(options.carries === undefined ? {} : { carries: options.carries }),
  });
  const currencies = Object.keys(creditor.paymentInstructions);
  const only = currencies.length === 1 ? currencies[0] : undefined;
  const known = { country: countryOf(creditor), ...(only === undefined ? {} : { currency: only }) };
  const settled = settleSettings(header, rows, source, known, options.styles ?? {}, remembered.styles);
  const change = { actor: options.actor, at: deps.clock.now(), source, asOf: options.asOf };
  return { format, header, settled, change };
}

/** `dunlin scan`: the nightly proof at any hour, beside the running service. */
import type { Command } from "commander";
import { checkChain } from "#scheduler/evidence/nightly.ts";
import { createDecisionLog } from "#scheduler/run/decision-log.ts";
import { createMarks } from "#scheduler/run/marks.ts";
import { fullScan, type ScanReport, type ScanWatch } from "#scheduler/run/scan.ts";
import { systemClock } from "#shared/clock.ts";
import { silentLogger } from "#shared/logger.ts";
import { type Look, look } from "./look.ts";
import { operatorOf, tasksOf } from "./operate.ts";
import { type CommonOptions, command, complain, interruptible, print, progress, table } from "./options.ts";

interface Options extends CommonOptions {
  readonly json?: boolean;
}

export function scanCommand(): Command {
  return command(
    "scan",
    "Decide every case again and compare: the nightly proof, now; 1 when it finds something.",
  )
    .option("--json", "for programs")
    .addHelpText(
      "after",
      "\nReminders go on meanwhile. A case that stands at another place than its facts say is repaired,\n" +
        "and a task for staff is opened.",
    )
    .action((options: Options) => look(options, (opened) => scan(opened, options)));
}

async function scan(opened: Look, options: Options): Promise<number> {
  const { signal, release } = interruptible();
  const report = await prove(opened, { signal, onProgress: progress("cases") }).finally(release);
  if (options.json === true) print(JSON.stringify(told(report), null, 2));
  else show(report);
  if (!report.whole) {
    complain("Ended before its end: what it found is repaired, but it does not count as a full scan.");
    return 130;
  }
  return report.differences === 0 ? 0 : 1;
}

/** As the service does it at night (`run/engine.ts`). */
async function prove(opened: Look, watch: ScanWatch): Promise<ScanReport> {
  const { db, brain } = opened;
  const base = { db, clock: systemClock, log: silentLogger, tasks: tasksOf(opened) };
  await checkChain({ ...base, marks: createMarks(db) }, watch.signal);
  const { gates } = operatorOf(opened);
  return fullScan({ ...base, brain, decisions: createDecisionLog(db), gates }, watch);
}

function show({ cases, differences, samples }: ScanReport): void {
  if (samples.length > 0) {
    const rows = samples.map((sample) => [sample.case, instant(sample.stored), instant(sample.computed)]);
    print(`${table(["case", "was to be decided at", "its facts say"], rows)}\n`);
  }
  print(`${cases} cases, ${differences} differences.`);
}

function told({ startedAt, endedAt, samples, ...rest }: ScanReport): unknown {
  return {
    startedAt: instant(startedAt),
    endedAt: instant(endedAt),
    ...rest,
    samples: samples.map(({ case: code, stored, computed }) => ({
      case: code,
      stored: instant(stored),
      computed: instant(computed),
    })),
  };
}

function instant(at: number | undefined): string {
  return at === undefined ? "never" : new Date(at).toISOString();
}

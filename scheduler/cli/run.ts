/** `dunlin run --at TIME --dry-run`: what the scheduler would do at a moment, without doing it. */

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Command } from "commander";
import { caseIdsAfter } from "#scheduler/ledger/due.ts";
import type { Gate } from "#scheduler/ledger/facts.ts";
import { without } from "#scheduler/run/plan.ts";
import { systemClock } from "#shared/clock.ts";
import { type Look, look } from "./look.ts";
import { operatorOf } from "./operate.ts";
import {
  type CommonOptions,
  command,
  complain,
  interruptible,
  parseInstant,
  print,
  progress,
  table,
} from "./options.ts";

const STEP_CASES = 50;
const LINES_MAX = 10_000;

interface Options extends CommonOptions {
  readonly at?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function runCommand(): Command {
  return command("run", "Decide every case as of a moment, and show it; nothing is sent.")
    .option("--at <time>", "the moment, RFC 3339; now when absent", parseInstant)
    .option("--dry-run", "show only; must be given, because only the service sends")
    .option("--json", "for programs")
    .action(async (options: Options) => {
      if (options.dryRun === true) return look(options, (opened) => rehearse(opened, options));
      complain('Only the running service ("dunlin scheduler") sends. Add --dry-run to see what it would do.');
      process.exitCode = 1;
    });
}

interface Line {
  readonly case: string;
  readonly kind: string;
  readonly rule: string;
  readonly because: string;
  readonly step?: string;
  readonly segments?: number;
}

async function rehearse(opened: Look, options: Options): Promise<number> {
  const at = options.at ?? systemClock.now();
  const { signal, release } = interruptible();
  const show = progress("cases");
  const total = opened.db.sql("select count(*) from dunning_case").pluck().get() as number;
  const gates = operatorOf(opened).gates(at);
  const lines: Line[] = [];
  const counts: Record<string, number> = {};
  let [after, done] = [0, 0];
  while (!signal.aborted) {
    const ids = caseIdsAfter(opened.db, after, STEP_CASES);
    if (ids.length === 0) break;
    for (const id of ids) {
      const line = decideOne(opened, id, at, gates);
      if (line === undefined) continue;
      counts[line.kind] = (counts[line.kind] ?? 0) + 1;
      if (line.kind === "send" && lines.length < LINES_MAX) lines.push(line);
    }
    after = ids.at(-1) ?? after;
    done += ids.length;
    show(done, total);
    await nextTurn();
  }
  release();
  if (signal.aborted) complain("Ended before its end; this is what was decided so far.");
  if (options.json === true)
    print(JSON.stringify({ at: new Date(at).toISOString(), counts, send: lines }, null, 2));
  else printLines(lines, counts, at);
  return signal.aborted ? 130 : 0;
}

function printLines(lines: readonly Line[], counts: Readonly<Record<string, number>>, at: number): void {
  const rows = lines.map((line) => [line.case, line.step ?? "", line.segments ?? 0, line.because]);
  if (rows.length > 0) print(`${table(["case", "step", "segments", "why"], rows)}\n`);
  const sums = Object.entries(counts).map(([kind, count]) => `${kind} ${count}`);
  print(`At ${new Date(at).toISOString()}: ${sums.join(", ") || "there is no case"}. Nothing was sent.`);
}

function decideOne({ brain }: Look, id: number, at: number, gates: readonly Gate[]): Line | undefined {
  const read = brain.facts(id, at);
  if (read === undefined) return undefined;
  const facts = { ...without(read, []), gates: [...(read.gates ?? []), ...gates] };
  const decision = brain.decide(facts, at);
  const base = { case: facts.case.code, kind: decision.kind, rule: decision.rule, because: decision.because };
  if (decision.kind !== "send") return base;
  const composed = brain.compose(facts, decision.message);
  const segments = composed.kind === "text" ? composed.segments : 0;
  return { ...base, step: decision.message.stepId, segments };
}

/**
 * The long form of the simulated year: `node test/year.ts --seeds 1-200 --people 2000 --out FOLDER`. Each
 * seed leaves one file with what was found; seeds that have one are skipped, so it may be stopped and
 * started again, and several may share a folder.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { zones } from "#test/scheduler/decide/law.ts";
import { judgeYear } from "#test/scheduler/year/judge/judge.ts";
import { yearRules } from "#test/scheduler/year/rules.ts";
import { Year } from "#test/scheduler/year/year.ts";

const VIOLATIONS_SHOWN = 20;

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "1-200" },
    people: { type: "string", default: "2000" },
    days: { type: "string", default: "365" },
    out: { type: "string", default: "year-results" },
  },
});
const [first = 1, last = first] = values.seeds.split("-").map(Number);
mkdirSync(values.out, { recursive: true });
let failed = 0;
for (let seed = first; seed <= last; seed++) if (!(await runSeed(seed))) failed++;
process.exitCode = failed === 0 ? 0 : 1;

async function runSeed(seed: number): Promise<boolean> {
  const result = join(values.out, `seed-${seed}.json`);
  const claim = join(values.out, `seed-${seed}.running`);
  if (existsSync(result) || !claimed(claim)) return true;
  const before = process.cpuUsage();
  const year = new Year({
    seed,
    people: Number(values.people),
    days: Number(values.days),
    zones,
    rulebook: yearRules(),
  });
  let violations: readonly string[];
  try {
    await year.run();
    violations = (await judgeYear(year)).violations;
  } catch (error) {
    violations = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  } finally {
    year.remove();
  }
  const { user, system } = process.cpuUsage(before);
  const cpuSeconds = Math.round((user + system) / 1e6);
  const { kills, absences } = year;
  const facts = {
    seed,
    people: Number(values.people),
    texts: year.model.ledger.length,
    kills,
    absences,
    cpuSeconds,
  };
  const found = { ...facts, violations: violations.length, first: violations.slice(0, VIOLATIONS_SHOWN) };
  const line = JSON.stringify(found);
  writeFileSync(result, `${line}\n`);
  rmSync(claim, { force: true });
  process.stdout.write(`${line.slice(0, 300)}\n`);
  return violations.length === 0;
}

/** True when nobody else is at it; a claim of a process that is gone counts for nothing. */
function claimed(path: string): boolean {
  try {
    if (existsSync(path)) {
      process.kill(Number(readFileSync(path, "utf8")), 0);
      return false;
    }
  } catch {
    rmSync(path, { force: true });
  }
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    return false;
  }
}

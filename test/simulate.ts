/**
 * `npm run simulate -- --seeds N [--from N]`: the whole gateway through what each seed chooses. `--seed N`
 * repeats one. A seed that fails is printed, made smaller and kept in `test/simulation/kept`.
 */
import { parseArgs } from "node:util";
import { systemClock } from "#shared/clock.ts";
import { systemRandom } from "#shared/random.ts";
import { planOf } from "./simulation/draw-plan.ts";
import { keep } from "./simulation/kept.ts";
import { type Outcome, run } from "./simulation/run.ts";
import { breaks, shrink, sizeOf } from "./simulation/shrink.ts";
import { Tally } from "./simulation/tally.ts";

const HELP = `npm run simulate -- [options]

  --seeds N   so many seeds (200 unless given)
  --from N    the first of them; by chance unless given
  --seed N    this one only, with its plan
  --help      this text

The whole gateway runs in simulated time on simulated modems; see test/simulation/README.md.
A seed that fails is made smaller and kept in test/simulation/kept/<seed>.json.
`;

const SEEDS = 200;
/** After so many the rest says nothing new. */
const FAILURES_MAX = 10;
const FIRST_MAX = 1_000_000_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wholeNumber(text: string | undefined, name: string, otherwise: () => number): number {
  if (text === undefined) return otherwise();
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new TypeError(`${name}: "${text}" is not a whole number`);
}

async function runSeed(seed: number, tally: Tally): Promise<Outcome> {
  const plan = planOf(seed);
  const outcome = await run(plan);
  tally.add(outcome);
  const [first] = outcome.violations;
  if (first === undefined) return outcome;
  tally.clear();
  say(`seed ${seed} fails:`);
  for (const { rule, text } of outcome.violations) say(`  ${rule}: ${text}`);
  say(`  making its plan smaller (${sizeOf(plan)} things happen in it)`);
  const { plan: smallest, runs } = await shrink(plan, async (candidate) =>
    breaks(first.rule, (await run(candidate)).violations),
  );
  const { violations } = await run(smallest);
  say(`  ${sizeOf(smallest)} are left after ${runs} runs; kept in ${keep(smallest, violations)}`);
  return outcome;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string" },
      from: { type: "string" },
      seed: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    say(HELP);
    return 0;
  }
  const tally = new Tally(systemClock, process.stderr.isTTY ? process.stderr : undefined);
  if (values.seed !== undefined) {
    const seed = wholeNumber(values.seed, "--seed", () => 1);
    say(JSON.stringify(planOf(seed), undefined, 2));
    const { violations } = await runSeed(seed, tally);
    say(tally.line());
    return violations.length > 0 ? 1 : 0;
  }
  const count = wholeNumber(values.seeds, "--seeds", () => SEEDS);
  const from = wholeNumber(values.from, "--from", () => systemRandom.int(1, FIRST_MAX));
  say(`${count} seeds from ${from} on`);
  const failed: number[] = [];
  for (let seed = from; seed < from + count && failed.length < FAILURES_MAX; seed++) {
    const { violations } = await runSeed(seed, tally);
    if (violations.length > 0) failed.push(seed);
    tally.show((seed + 1 - from) / count);
  }
  tally.clear();
  say(tally.line());
  if (failed.length > 0)
    say(`failed: ${failed.join(", ")}; again with: npm run simulate -- --seed ${failed[0]}`);
  return failed.length > 0 ? 1 : 0;
}

/** What was typed wrong is one line, not a trace. */
process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof TypeError)) throw error;
  say(`${error.message}; --help shows what there is`);
  return 2;
});

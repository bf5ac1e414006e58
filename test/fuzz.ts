/**
 * `npm run fuzz -- [count] [--seed n]`: mutated PDUs through the decoder. Prints the seed and the rate;
 * inputs that show a defect are kept in `test/fuzz/found.txt`, which every later run tries first.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { systemClock } from "#shared/clock.ts";
import { seededRandom, systemRandom } from "#shared/random.ts";
import { defectOf } from "./fuzz/check.ts";
import { type FuzzInput, inputOf, lineOf, readCorpus } from "./fuzz/corpus.ts";
import { mutator } from "./fuzz/mutate.ts";

const CORPUS = new URL("vectors", import.meta.url).pathname;
const FOUND = new URL("fuzz/found.txt", import.meta.url).pathname;

const COUNT = 1_000_000;
const COUNT_IN_CI = 100_000;
/** After so many the rest says nothing new. */
const DEFECTS_MAX = 20;
const PROGRESS_EVERY = 250_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wholeNumber(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw new TypeError(`${name}: "${text}" is not a whole number`);
}

function foundBefore(): readonly FuzzInput[] {
  if (!existsSync(FOUND)) return [];
  return readFileSync(FOUND, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map(inputOf);
}

function* inputs(count: number, seed: number): Generator<FuzzInput> {
  yield* foundBefore();
  const corpus = readCorpus(CORPUS);
  yield* corpus;
  const next = mutator(corpus, seededRandom(seed));
  for (let i = 0; i < count; i++) yield next();
}

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string" } },
  });
  const byDefault = process.env.CI === "true" ? COUNT_IN_CI : COUNT;
  const count = wholeNumber(positionals[0], "count", byDefault);
  const seed = wholeNumber(values.seed, "--seed", systemRandom.int(0, 2 ** 32 - 1));
  say(`${count} mutated PDUs, seed ${seed}`);
  const started = systemClock.monotonic();
  const perSecond = (done: number): number => Math.round((done * 1000) / (systemClock.monotonic() - started));
  let done = 0;
  let defects = 0;
  for (const input of inputs(count, seed)) {
    const defect = defectOf(input, systemClock);
    if (defect !== undefined) {
      say(`DEFECT ${lineOf(input)}: ${defect}`);
      appendFileSync(FOUND, `${lineOf(input)}\n`);
      if (++defects >= DEFECTS_MAX) break;
    }
    if (++done % PROGRESS_EVERY === 0) say(`${done} done, ${perSecond(done)}/s`);
  }
  say(`${done} inputs, ${perSecond(done)}/s, ${defects} defects, seed ${seed}`);
  if (defects > 0) say(`kept in ${FOUND}; again with: npm run fuzz -- ${count} --seed ${seed}`);
  return defects > 0 ? 1 : 0;
}

process.exitCode = main();

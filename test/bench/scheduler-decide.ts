/** Decisions a second, and the 30-day forecast of 100,000 cases, over all presets, laws and ages of debt. */
import { createComposer } from "#scheduler/decide/compose.ts";
import { decide } from "#scheduler/decide/decide.ts";
import { type ForecastBrain, forecastCase } from "#scheduler/decide/forecast.ts";
import { forecastTotals } from "#scheduler/decide/totals.ts";
import type { CaseFacts } from "#scheduler/ledger/facts.ts";
import type { Pack } from "#scheduler/policy/law/pack.ts";
import type { ReadyPolicy } from "#scheduler/policy/ready.ts";
import { systemClock } from "#shared/clock.ts";
import { addDays } from "#shared/local-date.ts";
import { seededRandom } from "#shared/random.ts";
import { afterSending, factsOf, packOf } from "#test/scheduler/decide/facts.ts";
import { preset, presets, zones } from "#test/scheduler/decide/law.ts";
import { PLACES, START } from "#test/scheduler/decide/world.ts";
import { argumentsOf, inProcess, peakMiB } from "./scheduler-process.ts";

const DAY = 86_400_000;
const LANGUAGES = ["en", "es", "de", "fr", "pt"];
/** Distinct sets of facts; many enough that no cache of ours hides the work. */
const SITUATIONS = 5_000;
const DECISIONS = 200_000;

interface Situation {
  readonly policy: ReadyPolicy;
  readonly pack: Pack;
  readonly facts: CaseFacts;
  readonly now: number;
}

type Part = "decisions" | "forecast";

interface DecisionFigures {
  readonly perSecond: number;
  readonly peakMiB: number;
}

interface ForecastFigures {
  readonly seconds: number;
  /** Processor time. */
  readonly cpuSeconds: number;
  readonly messages: number;
  readonly peakMiB: number;
}

function measureDecisions(decisions: number): DecisionFigures {
  const situations = makeSituations();
  const pick = (i: number): Situation => situations[i % situations.length] as Situation;
  for (let i = 0; i < SITUATIONS; i++) run(pick(i));
  const before = systemClock.monotonic();
  for (let i = 0; i < decisions; i++) run(pick(i));
  const perSecond = Math.round(decisions / ((systemClock.monotonic() - before) / 1_000));
  return { perSecond, peakMiB: peakMiB() };
}

function measureForecast(cases: number, days = 30): ForecastFigures {
  const situations = makeSituations();
  const composer = createComposer();
  const totals = forecastTotals();
  const start = systemClock.monotonic();
  const cpuBefore = process.cpuUsage();
  for (let i = 0; i < cases; i++) {
    const { policy, pack, facts, now } = situations[i % situations.length] as Situation;
    const brain: ForecastBrain = {
      decide: (seen, at) => decide(policy, pack, seen, at),
      compose: (seen, message) =>
        composer.compose(policy.catalogue, seen, message, policy.document.maxSegments),
    };
    totals.add(forecastCase(brain, zones, facts, now, { days }));
  }
  const seconds = (systemClock.monotonic() - start) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  const { messages } = totals.totals();
  return { seconds, cpuSeconds: (cpu.user + cpu.system) / 1_000_000, messages, peakMiB: peakMiB() };
}

function run({ policy, pack, facts, now }: Situation): void {
  decide(policy, pack, facts, now);
}

/** Cases of one to three invoices at every point of their ladders, with what was sent to them before. */
function makeSituations(): Situation[] {
  const random = seededRandom(1);
  const policies = [...presets.keys()].map((name) => preset(name));
  return Array.from({ length: SITUATIONS }, (_, i) => {
    const policy = policies[i % policies.length] as ReadyPolicy;
    const place = PLACES[random.int(0, PLACES.length - 1)] as (typeof PLACES)[number];
    const now = START + random.int(0, 300) * DAY + random.int(0, 1_439) * 60_000;
    const today = new Date(now).toISOString().slice(0, 10);
    const items = Array.from({ length: random.int(1, 3) }, () => ({
      dueDate: addDays(today, random.int(-50, 25)),
      firstSeenAt: now - random.int(30, 90) * DAY,
      open: BigInt(random.int(2_000, 90_000)),
    })).sort((a, b) => (a.dueDate < b.dueDate ? -1 : 1));
    const facts = factsOf({
      items,
      zones: place.zones,
      jurisdiction: place.jurisdiction,
      role: place.role ?? "creditor",
      language: LANGUAGES[i % LANGUAGES.length] ?? "en",
    });
    return { policy, pack: packOf(facts), facts: withHistory(policy, facts, now), now };
  });
}

/** What the last two months would have sent. */
function withHistory(policy: ReadyPolicy, facts: CaseFacts, now: number): CaseFacts {
  const pack = packOf(facts);
  let seen = facts;
  let at = now - 60 * DAY;
  for (let i = 0; i < 40 && at < now; i++) {
    const decision = decide(policy, pack, seen, at);
    if (decision.kind === "send") seen = afterSending(seen, decision.message, at);
    else if (decision.kind === "stop" || decision.until === undefined) break;
    else at = decision.until;
  }
  return seen;
}

export async function benchSchedulerDecide(args: string[]): Promise<void> {
  const cases = Number(args[0] ?? 100_000);
  const measure = <T>(part: Part, count: number): Promise<T> =>
    inProcess<T>(import.meta.url, [part, String(count)]);
  const decided = await measure<DecisionFigures>("decisions", DECISIONS);
  const forecast = await measure<ForecastFigures>("forecast", cases);
  process.stdout.write(
    `decide: ${decided.perSecond.toLocaleString("en")} cases a second (aim 20,000), peak ${decided.peakMiB} MiB\n` +
      `30-day forecast of ${cases.toLocaleString("en")} cases: ` +
      `${forecast.seconds.toFixed(1)} s (aim 60; processor ${forecast.cpuSeconds.toFixed(1)} s), ` +
      `${forecast.messages.toLocaleString("en")} texts, peak ${forecast.peakMiB} MiB (aim 400)\n`,
  );
}

const [part, count] = argumentsOf(import.meta.url) ?? [];
if (part !== undefined) {
  const measured = part === "forecast" ? measureForecast(Number(count)) : measureDecisions(Number(count));
  process.stdout.write(JSON.stringify(measured));
}

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

const DAY = 86_400_000;
const LANGUAGES = ["en", "es", "de", "fr", "pt"];
/** Distinct sets of facts; many enough that no cache of ours hides the work. */
const SITUATIONS = 5_000;

interface Situation {
  readonly policy: ReadyPolicy;
  readonly pack: Pack;
  readonly facts: CaseFacts;
  readonly now: number;
}

export interface DecideFigures {
  readonly decisionsPerSecond: number;
  readonly forecastSeconds: number;
  /** Processor time of the forecast. */
  readonly forecastCpuSeconds: number;
  readonly forecastCases: number;
  readonly forecastMessages: number;
}

export function measureDecide(decisions = 200_000, cases = 100_000, days = 30): DecideFigures {
  const situations = makeSituations();
  const pick = (i: number): Situation => situations[i % situations.length] as Situation;
  for (let i = 0; i < SITUATIONS; i++) run(pick(i));
  const before = systemClock.monotonic();
  for (let i = 0; i < decisions; i++) run(pick(i));
  const decideMs = systemClock.monotonic() - before;
  const composer = createComposer();
  const totals = forecastTotals();
  const start = systemClock.monotonic();
  const cpuBefore = process.cpuUsage();
  for (let i = 0; i < cases; i++) {
    const { policy, pack, facts, now } = pick(i);
    const brain: ForecastBrain = {
      decide: (seen, at) => decide(policy, pack, seen, at),
      compose: (seen, message) =>
        composer.compose(policy.catalogue, seen, message, policy.document.maxSegments),
    };
    totals.add(forecastCase(brain, zones, facts, now, { days }));
  }
  const forecastMs = systemClock.monotonic() - start;
  const cpu = process.cpuUsage(cpuBefore);
  return {
    decisionsPerSecond: Math.round(decisions / (decideMs / 1_000)),
    forecastSeconds: forecastMs / 1_000,
    forecastCpuSeconds: (cpu.user + cpu.system) / 1_000_000,
    forecastCases: cases,
    forecastMessages: totals.totals().messages,
  };
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
  const figures = measureDecide(200_000, cases);
  process.stdout.write(
    `decide: ${figures.decisionsPerSecond.toLocaleString("en")} cases a second (aim 20,000)\n` +
      `30-day forecast of ${figures.forecastCases.toLocaleString("en")} cases: ` +
      `${figures.forecastSeconds.toFixed(1)} s (aim 60; processor ${figures.forecastCpuSeconds.toFixed(1)} s), ` +
      `${figures.forecastMessages.toLocaleString("en")} texts\n`,
  );
}

/** What a simulated year does to the scheduler: kills, outages, lost answers, clocks that jump. */
import { type Random, seededRandom } from "#shared/random.ts";
import { DAY_MS, HOUR_MS, type YearWorld } from "./year-world.ts";

export function planTroubles(year: YearWorld, random: Random, days: number): void {
  const dead = new Set(
    year.debtors.filter(({ behaviour }) => behaviour === "dead").map(({ number }) => number),
  );
  year.model.fate = (to) => (dead.has(to) ? "dead" : "delivered");
  for (let day = 1; day < days; day++) {
    const at = day * DAY_MS + random.int(0, DAY_MS - 1);
    const kind = random.int(0, 19);
    if (kind === 0) outage(year, at, random.int(1, 72) * HOUR_MS);
    else if (kind === 1) lossyHours(year, at, random.int(1, 12) * HOUR_MS);
    else if (kind === 2) jump(year, random, at, random.int(-6, 26) * HOUR_MS);
    else if (kind <= 6) killSoon(year, at, random.int(1, 12));
    else if (kind === 7)
      year.at(at, async () => {
        year.life.kill();
        await year.restart();
      });
    else if (kind === 8)
      year.at(at, () => year.live(async () => year.scans.push((await year.life.engine.scan()).differences)));
    else if (kind >= 10 && kind <= 14) year.at(at, () => year.live(() => approveAll(year)));
    else if (kind === 9) year.at(at, () => year.live(() => year.life.engine.operator.approveCatchUp("test")));
  }
}

async function approveAll(year: YearWorld): Promise<void> {
  const waiting = year.life.engine.tasks.list({ state: "open", kind: "approve-message", limit: 100 });
  for (const { caseId } of waiting)
    if (caseId !== undefined) await year.life.engine.operator.approveMessage(caseId, "test");
}

function outage(year: YearWorld, at: number, ms: number): void {
  year.at(at, () => {
    year.model.down = true;
  });
  year.at(at + ms, () => {
    year.model.down = false;
  });
}

function lossyHours(year: YearWorld, at: number, ms: number): void {
  const random = seededRandom(at % 1_000_003);
  year.at(at, () => {
    year.model.loss = () => {
      const chance = random.float();
      return chance < 0.1 ? "request" : chance < 0.2 ? "answer" : undefined;
    };
  });
  year.at(at + ms, () => {
    year.model.loss = () => undefined;
  });
}

/** Half of the jumps are taken back, the others are accepted by an operator. */
function jump(year: YearWorld, random: Random, at: number, ms: number): void {
  year.at(at, () => year.clock.jumpWall(ms));
  if (random.float() < 0.5) year.at(at + 40 * 60_000, () => year.clock.jumpWall(-ms));
  else year.at(at + 40 * 60_000, () => year.live(() => year.life.engine.guard.accept()));
}

/** At the n-th named place from then on. */
function killSoon(year: YearWorld, at: number, places: number): void {
  year.at(at, () => year.killAfter(places));
}

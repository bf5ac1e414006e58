/** What a year does to the scheduler: kills, absences, outages, lost answers, clocks that jump, a silent bank. */
import { type Random, seededRandom } from "#shared/random.ts";
import type { Fate } from "#test/support/gateway-model.ts";
import type { Office } from "./office.ts";
import { DAY_MS, HOUR_MS, type YearWorld } from "./world.ts";

type Trouble = (year: YearWorld, random: Random, at: number) => void;

/** Drawn once a day; most days are quiet. */
const TROUBLES: readonly Trouble[] = [
  outage,
  badAnswers,
  jump,
  badWebhooks,
  killSoon,
  killSoon,
  killSoon,
  restart,
  absence,
  scan,
  approvals,
  approvals,
  approvals,
  approvals,
  approvals,
  approveCatchUp,
];
const QUIET_DAYS = 8;
/** Of a hundred messages, as many end in one of these ways. */
const ODD_FATES = 6;

export function planTroubles(year: YearWorld, random: Random, days: number, seed: number): void {
  year.model.fate = fates(year, seed);
  for (let day = 1; day < days; day++) {
    const at = day * DAY_MS + random.int(0, DAY_MS - 1);
    TROUBLES[random.int(0, TROUBLES.length - 1 + QUIET_DAYS)]?.(year, random, at);
  }
}

/**
 * Daily work of the office: the bank's file every night but for a few silent stretches; lists now and then, and
 * every 80 days the policies are edited. Once a week somebody looks at what waits for a yes, in case it was
 * not seen when it came up.
 */
export function planRoutine(year: YearWorld, office: Office, random: Random, days: number): void {
  let silentUntil = 0;
  for (let day = 0; day < days; day++) {
    if (random.float() < 0.02) silentUntil = day + random.int(2, 6);
    if (day >= silentUntil) year.at(day * DAY_MS + 4 * HOUR_MS, "office", () => office.feed());
    if (day % 7 === 3) approveCatchUp(year, random, day * DAY_MS + 9 * HOUR_MS);
    if (day % 80 === 50)
      year.at(day * DAY_MS + random.int(0, DAY_MS - 1), "house", () => year.live(() => year.editRules()));
    if (day % 60 === 45) year.at(day * DAY_MS + 5 * HOUR_MS, "office", () => office.sendListAgain());
  }
}

/** The same message has the same fate however often it is asked for. */
function fates(year: YearWorld, seed: number): (to: string, id: string) => Fate {
  const dead = new Set<string>();
  for (const { behaviour, lines } of year.people) if (behaviour === "dead") dead.add(lines[0]?.number ?? "");
  const odd: readonly Fate[] = ["unknown", "failed", "expired"];
  return (to, id) => {
    if (dead.has(to)) return "dead";
    const draw = seededRandom(seed * 1_000_003 + Number(id.slice(4))).int(0, 99);
    return draw < ODD_FATES ? (odd[draw % odd.length] as Fate) : "delivered";
  };
}

function outage(year: YearWorld, random: Random, at: number): void {
  year.at(at, "world", () => {
    year.model.down = true;
  });
  year.at(at + random.int(1, 72) * HOUR_MS, "world", () => {
    year.model.down = false;
  });
}

/** Requests lost, answers lost with the request done, 503 and 429, in a mixture of their own. */
function badAnswers(year: YearWorld, random: Random, at: number): void {
  const draw = seededRandom(at % 1_000_003);
  const kinds = ["request", "answer", "unavailable", "busy"] as const;
  const share = random.int(5, 40) / 100;
  year.at(at, "world", () => {
    year.model.loss = () => (draw.float() < share ? kinds[draw.int(0, kinds.length - 1)] : undefined);
  });
  year.at(at + random.int(1, 24) * HOUR_MS, "world", () => {
    year.model.loss = year.model.calm;
  });
}

/** Half of the jumps are taken back, the others are accepted by an operator. */
function jump(year: YearWorld, random: Random, at: number): void {
  const ms = random.int(-6 * 60, 26 * 60) * 60_000;
  year.at(at, "world", () => year.clock.jumpWall(ms));
  if (random.float() < 0.5) year.at(at + 40 * 60_000, "world", () => year.clock.jumpWall(-ms));
  else year.at(at + 40 * 60_000, "house", () => year.live(() => year.life.engine.guard.accept()));
}

function badWebhooks(year: YearWorld, random: Random, at: number): void {
  const how = (["lost", "doubled", "mixed"] as const)[random.int(0, 2)];
  year.at(at, "world", () => {
    year.webhooks = how ?? "good";
  });
  year.at(at + random.int(1, 72) * HOUR_MS, "world", () => {
    year.webhooks = "good";
  });
}

/** At the n-th named place from then on. */
function killSoon(year: YearWorld, random: Random, at: number): void {
  const places = random.int(1, 12);
  year.at(at, "world", () => year.killAfter(places));
}

function restart(year: YearWorld, _random: Random, at: number): void {
  year.at(at, "house", async () => {
    year.life.kill();
    await year.restart();
  });
}

/** Days without the scheduler; an operator approves the catch-up some hours after it is back. */
function absence(year: YearWorld, random: Random, at: number): void {
  if (random.float() > 0.4) return;
  const ms = random.int(1, 8 * 24) * HOUR_MS;
  year.at(at, "house", () => year.away(ms));
  approveCatchUp(year, random, at + ms + random.int(1, 30) * HOUR_MS);
}

function scan(year: YearWorld, _random: Random, at: number): void {
  year.at(at, "house", () =>
    year.live(async () => year.scans.push((await year.life.engine.scan()).differences)),
  );
}

function approvals(year: YearWorld, _random: Random, at: number): void {
  year.at(at, "house", () =>
    year.live(async () => {
      const { tasks, operator } = year.life.engine;
      const waiting = tasks.list({ state: "open", kind: "approve-message", limit: 100 });
      for (const { caseId } of waiting)
        if (caseId !== undefined) await operator.approveMessage(caseId, "staff");
    }),
  );
}

function approveCatchUp(year: YearWorld, _random: Random, at: number): void {
  year.at(at, "house", () => year.live(() => year.life.engine.operator.approveCatchUp("staff")));
}

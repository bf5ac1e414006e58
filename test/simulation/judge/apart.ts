/** A modem that nothing befell answers in its own time, whatever befalls the others. */
import type { PlannedModem } from "#test/simulation/plan.ts";
import type { Case, Violation } from "./case.ts";

/** The slowest answer of a network that has a name: the end of its tail. */
const SLOWEST_MS = 60_000;
/** For what the modem itself has to do: a listing that is under way, the prompt, a stored entry. */
const OWN_MS = 30_000;

/** Of those that the modem itself answered for; what was settled later has a word on it. */
interface Took {
  readonly modem: string;
  readonly ms: number;
}

export function judgeApart({ world }: Case): Violation[] {
  const { plan, life } = world;
  if (plan.happenings.some(({ kind }) => kind === "clock-step")) return [];
  const rows = life?.core.db
    .sql(
      "select modem, max(ended_at - started_at) as ms from attempt where outcome = 'accepted' and detail is null group by modem",
    )
    .all() as Took[];
  return plan.modems
    .filter((modem) => isSpared(world, modem))
    .flatMap((modem) => {
      const latency = modem.latency ?? plan.network.latency;
      const limit = (typeof latency === "number" ? latency : SLOWEST_MS) + OWN_MS;
      const slowest = rows.find((row) => row.modem === modem.name);
      if (slowest === undefined || slowest.ms <= limit) return [];
      return [
        {
          rule: "apart" as const,
          text: `${modem.name} had a part for ${slowest.ms} ms, and nothing befell it`,
        },
      ];
    });
}

/** No fault means it, but for those of the network's reports. */
function isSpared({ plan }: Case["world"], { name }: PlannedModem): boolean {
  return plan.faults.every(({ at, modem }) => at === "report" || (modem !== undefined && modem !== name));
}

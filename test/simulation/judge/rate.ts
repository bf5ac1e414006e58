/** No SIM was handed more than its limits in any window, as the wire saw it. */
import type { OnWire } from "#test/simulation/wire-log.ts";
import type { Case, Violation } from "./case.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export function judgeRate({ world: { plan, wire } }: Case): Violation[] {
  // After both, the stamps of what was sent before the restart say nothing about when that was.
  const kinds = new Set(plan.happenings.map(({ kind }) => kind));
  if (kinds.has("clock-step") && kinds.size > 1) return [];
  return plan.modems.flatMap(({ name, perMinute, perHour }) => {
    const own = wire.handOvers.filter(({ modem }) => modem === name);
    return [...Map.groupBy(own, ({ iccid }) => iccid).values()].flatMap((ofSim) => [
      ...judgeWindow(ofSim, perMinute, MINUTE_MS),
      ...judgeWindow(ofSim, perHour, HOUR_MS),
    ]);
  });
}

function judgeWindow(handOvers: readonly OnWire[], limit: number | undefined, windowMs: number): Violation[] {
  if (limit === undefined) return [];
  for (const [i, { atMs, modem }] of handOvers.entries()) {
    const last = handOvers[i + limit];
    if (last === undefined || last.atMs - atMs >= windowMs) continue;
    return [
      {
        rule: "rate",
        text: `${modem} was handed ${limit + 1} parts in ${last.atMs - atMs} ms from ${atMs} on`,
      },
    ];
  }
  return [];
}

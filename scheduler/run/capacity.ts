/**
 * How much may lie at the gateway: what the fleet sends in a quarter of an hour. More would be out of our
 * hands when a payment arrives, and late when a window closes.
 */
import type { Fleet } from "./gateway-client.ts";

const WINDOW_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, month: 30 * 86_400_000 } as const;

export interface Capacity {
  /** Segments that the fleet can send within the horizon. */
  readonly segments: number;
  /** Segments that wait at the gateway already, ours and others'. */
  readonly queued: number;
  /** Segments that may be handed over now. */
  readonly free: number;
  /** ICCIDs that can send now. */
  readonly sims: readonly string[];
}

export const NO_CAPACITY: Capacity = { segments: 0, queued: 0, free: 0, sims: [] };

export interface CapacitySettings {
  readonly segmentsPerMinute: number;
  /** A quarter of an hour, unless time runs fast. */
  readonly handOverMs: number;
}

export function fleetCapacity(fleet: Fleet, settings: CapacitySettings): Capacity {
  const ready = new Set(fleet.modems.filter((modem) => modem.state === "ready").map((modem) => modem.name));
  const working = fleet.sims.filter(
    (sim) => sim.parked === undefined && sim.modem !== undefined && ready.has(sim.modem),
  );
  const segments = working.reduce((sum, sim) => sum + simCapacity(sim, settings), 0);
  const queued = fleet.sims.reduce((sum, sim) => sum + sim.queued, 0);
  return {
    segments,
    queued,
    free: Math.max(0, segments - queued),
    sims: working.map((sim) => sim.iccid),
  };
}

function simCapacity(sim: Fleet["sims"][number], settings: CapacitySettings): number {
  const minutes = settings.handOverMs / 60_000;
  const bounds = sim.usage.map(({ per, used, limit }) => {
    if (limit === undefined) return Number.POSITIVE_INFINITY;
    // A window shorter than the horizon comes round several times in it.
    const rounds = Math.max(1, settings.handOverMs / WINDOW_MS[per]);
    return Math.max(0, limit * rounds - used);
  });
  return Math.floor(Math.min(minutes * settings.segmentsPerMinute, ...bounds));
}

/** How much may be handed over now, from the fleet's last word and what went out since. */
import type { Clock } from "#shared/clock.ts";
import { type Capacity, type CapacitySettings, fleetCapacity, NO_CAPACITY } from "./capacity.ts";
import type { GatewayClient } from "./gateway-client.ts";

/** The fleet is asked again after this, and only while there is something to send. */
export const FLEET_FRESH_MS = 30_000;

export interface FleetWatch {
  /** Asks the gateway when the last answer is old. No answer means no capacity. */
  refresh(): Promise<Capacity>;
  capacity(): Capacity;
  /** Segments reserved since the last answer. */
  spend(segments: number): void;
  canSend(iccid: string): boolean;
}

export interface FleetWatchDeps {
  readonly gateway: Pick<GatewayClient, "fleet">;
  readonly clock: Clock;
  readonly settings: CapacitySettings;
  /** Segments that are reserved and not yet at the gateway, as far as we know: they take room all the same. */
  readonly reserved: () => number;
}

export function createFleetWatch(deps: FleetWatchDeps): FleetWatch {
  let last: Capacity = NO_CAPACITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let spent = 0;
  const capacity = (): Capacity => ({ ...last, free: Math.max(0, last.free - spent) });
  return {
    capacity,
    async refresh() {
      if (deps.clock.monotonic() - askedAt < FLEET_FRESH_MS) return capacity();
      askedAt = deps.clock.monotonic();
      const answer = await deps.gateway.fleet();
      spent = deps.reserved();
      last = answer.kind === "ok" ? fleetCapacity(answer.value, deps.settings) : NO_CAPACITY;
      return capacity();
    },
    spend: (segments) => {
      spent += segments;
    },
    canSend: (iccid) => last.sims.includes(iccid),
  };
}

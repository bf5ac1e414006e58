/**
 * The gateway lives in the world's time; the scheduler may live in a faster one (a demo, a rehearsal).
 * Instants are translated where they cross, and nowhere else. In production both are the same.
 */
import type { Clock } from "#shared/clock.ts";

export interface GatewayTime {
  /** Our instant, as the gateway must hear it. */
  toGateway(at: number): number;
  /** The gateway's instant, on our clock. */
  fromGateway(at: number): number;
}

export const sameTime: GatewayTime = { toGateway: (at) => at, fromGateway: (at) => at };

/** For a scheduler whose `clock` runs `speed` times as fast as the gateway's `wireClock`. */
export function scaledTime(clock: Clock, wireClock: Clock, speed: number): GatewayTime {
  const [ours, theirs] = [clock.now(), wireClock.now()];
  return {
    toGateway: (at) => Math.round(theirs + (at - ours) / speed),
    fromGateway: (at) => Math.round(ours + (at - theirs) * speed),
  };
}

/** A scheduler for end-to-end tests: at ten in the morning of a working day, against a real gateway. */
import { join } from "node:path";
import { SchedulerSettings } from "#scheduler/config.ts";
import { type RunningScheduler, startScheduler } from "#scheduler/main.ts";
import type { Checkpoint } from "#scheduler/run/brain.ts";
import { scaledTime } from "#scheduler/run/gateway-time.ts";
import { createClock, systemClock } from "#shared/clock.ts";
import { silentLogger } from "#shared/logger.ts";

export const MORNING = Date.UTC(2026, 2, 3, 9, 0);

export interface E2eOptions {
  readonly folder: string;
  readonly gatewayUrl: string;
  readonly gatewayKey: string;
  readonly checkpoint?: Checkpoint;
  /** Later starts go on later, as the world does. */
  readonly startAt?: number;
}

export function startE2eScheduler(options: E2eOptions): Promise<RunningScheduler> {
  const clock = createClock(1, options.startAt ?? MORNING);
  const settings = SchedulerSettings.parse({
    dataDir: join(options.folder, "scheduler-data"),
    http: { port: 0 },
    gateway: { url: options.gatewayUrl, key: options.gatewayKey },
    run: { tickSeconds: 0.1, pollSeconds: 1 },
  });
  return startScheduler(settings, {
    clock,
    wireClock: systemClock,
    gatewayTime: scaledTime(clock, systemClock, 1),
    log: silentLogger,
    ...(options.checkpoint === undefined ? {} : { checkpoint: options.checkpoint }),
  });
}

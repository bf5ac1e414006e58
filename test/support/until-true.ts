/** For end-to-end tests alone: looks again and again until a fact holds, with a watchdog. */
import { systemClock } from "#shared/clock.ts";

const LOOK_EVERY_MS = 50;

/** @throws Error after `timeoutMs`, with what was being waited for. */
export async function untilTrue(
  what: string,
  fact: () => Promise<boolean> | boolean,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = systemClock.monotonic() + timeoutMs;
  while (!(await fact())) {
    if (systemClock.monotonic() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await systemClock.sleep(LOOK_EVERY_MS);
  }
}

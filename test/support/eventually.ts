/** For facts that another program brings about and nobody announces: looked for again and again, up to a limit. */
import { systemClock } from "#shared/clock.ts";

const LOOK_EVERY_MS = 100;

/** What `look` finds. @throws Error that says what did not happen within the limit */
export async function eventually<T>(
  what: string,
  withinMs: number,
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const until = systemClock.monotonic() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (systemClock.monotonic() > until) throw new Error(`${what}: not within ${withinMs} ms`);
    await systemClock.sleep(LOOK_EVERY_MS);
  }
}

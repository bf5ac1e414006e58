/** A time between two bounds. */
import type { Random } from "#shared/random.ts";
import type { Span } from "./actions.ts";

/** A span of one value takes nothing from the chance. */
export function spanMs({ ms, toMs }: Span, random: Random): number {
  return toMs === undefined ? ms : random.int(Math.min(ms, toMs), Math.max(ms, toMs));
}

/** How long the network takes, from field measurements of SMS over each kind of radio. */
import type { Random } from "#shared/random.ts";

/** A fixed time, or a lognormal one with a tail: `tailShare` of the draws lie evenly in the tail. */
export type Latency =
  | { readonly kind: "fixed"; readonly ms: number }
  | {
      readonly kind: "lognormal";
      readonly medianMs: number;
      readonly sigma: number;
      readonly tailShare: number;
      readonly tailMinMs: number;
      readonly tailMaxMs: number;
      /** Median when the link was kept open by AT+CMMS; the same as `medianMs` where that gains nothing. */
      readonly linkedMedianMs: number;
    };

export type LatencyName = "none" | "gsm" | "umts" | "lte" | "nbiot";

const TAIL = { sigma: 0.35, tailShare: 0.01, tailMinMs: 20_000, tailMaxMs: 60_000 } as const;

export const LATENCIES: Readonly<Record<LatencyName, Latency>> = {
  none: { kind: "fixed", ms: 0 },
  gsm: { kind: "lognormal", medianMs: 4_200, linkedMedianMs: 2_200, ...TAIL },
  umts: { kind: "lognormal", medianMs: 2_600, linkedMedianMs: 2_200, ...TAIL },
  lte: { kind: "lognormal", medianMs: 1_300, linkedMedianMs: 1_300, ...TAIL },
  nbiot: { kind: "lognormal", medianMs: 8_000, linkedMedianMs: 8_000, ...TAIL },
};

export function isLatencyName(text: string): text is LatencyName {
  return Object.hasOwn(LATENCIES, text);
}

export function latencyOf(value: number | LatencyName | Latency): Latency {
  if (typeof value === "number") return { kind: "fixed", ms: value };
  return typeof value === "string" ? LATENCIES[value] : value;
}

/** One draw in milliseconds; a fixed latency takes nothing from the chance. */
export function drawLatencyMs(latency: Latency, random: Random, linked = false): number {
  if (latency.kind === "fixed") return latency.ms;
  if (random.float() < latency.tailShare) return random.int(latency.tailMinMs, latency.tailMaxMs);
  const median = linked ? latency.linkedMedianMs : latency.medianMs;
  return Math.round(median * Math.exp(latency.sigma * standardNormal(random)));
}

/** Box-Muller; `1 - float()` keeps the logarithm away from zero. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

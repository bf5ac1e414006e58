/** What the core counts, as plain numbers: one snapshot for whoever shows it. */
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import type { SegmentGauge } from "./messages/gauge.ts";
import type { SegmentState } from "./messages/states.ts";
import type { EvidenceKind, FleetView, ModemView } from "./messages/types.ts";
import type { Dispatch } from "./outbox/dispatch.ts";
import type { Inbound, InboundCounts } from "./reports/inbound.ts";
import type { ReportCounts, Reports } from "./reports/reports.ts";

/** Upper bounds of the classes of submit times, in seconds: USB alone, LTE, GSM, and the limits. */
export const SUBMIT_SECONDS_BOUNDS = [0.01, 0.05, 0.25, 1, 2, 3, 5, 8, 15, 30, 60, 120, 185] as const;

export interface Histogram {
  /** How many took at most as long as the bound; the last one is infinity. */
  readonly buckets: readonly { readonly atMost: number; readonly count: number }[];
  readonly sum: number;
  readonly count: number;
}

export interface CoreMetrics {
  /** Segments that wait, are with a modem, or are unknown, now. */
  readonly segments: { readonly queued: number; readonly submitting: number; readonly unknown: number };
  /** Segments that came into each state since the start. */
  readonly entered: Readonly<Partial<Record<SegmentState, number>>>;
  /** Segments that were unknown and are no more, since the start, by what settled them. */
  readonly unknownSettled: Readonly<Record<EvidenceKind, number>>;
  readonly messagesWaiting: number;
  readonly attempts: Readonly<Record<SubmitOutcome["kind"], number>>;
  readonly submitSeconds: Histogram;
  readonly reports: ReportCounts;
  readonly inbound: InboundCounts;
  readonly modems: readonly ModemView[];
}

export interface Counted {
  readonly gauge: SegmentGauge;
  readonly dispatch: Dispatch;
  readonly submits: SubmitMeter;
  readonly reports: Reports;
  readonly inbound: Inbound;
  readonly fleet: FleetView;
}

export function readMetrics({ gauge, dispatch, submits, reports, inbound, fleet }: Counted): CoreMetrics {
  return {
    segments: {
      queued: gauge.current("queued"),
      submitting: gauge.current("submitting"),
      unknown: gauge.current("unknown"),
    },
    entered: gauge.entered(),
    unknownSettled: gauge.settled(),
    messagesWaiting: dispatch.messages,
    attempts: submits.attempts(),
    submitSeconds: submits.seconds(),
    reports: reports.counts(),
    inbound: inbound.counts(),
    modems: fleet.modems(),
  };
}

/** Counts the answers of modems. */
export class SubmitMeter {
  readonly #attempts = { accepted: 0, refused: 0, "not-sent": 0, unknown: 0 };
  readonly #counts = new Array<number>(SUBMIT_SECONDS_BOUNDS.length + 1).fill(0);
  #sum = 0;

  add(outcome: SubmitOutcome, tookMs: number): void {
    this.#attempts[outcome.kind]++;
    const seconds = tookMs / 1_000;
    const found = SUBMIT_SECONDS_BOUNDS.findIndex((bound) => seconds <= bound);
    const at = found === -1 ? SUBMIT_SECONDS_BOUNDS.length : found;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#sum += seconds;
  }

  attempts(): CoreMetrics["attempts"] {
    return { ...this.#attempts };
  }

  seconds(): Histogram {
    let count = 0;
    const buckets = this.#counts.map((one, i) => {
      count += one;
      return { atMost: SUBMIT_SECONDS_BOUNDS[i] ?? Number.POSITIVE_INFINITY, count };
    });
    return { buckets, sum: this.#sum, count };
  }
}

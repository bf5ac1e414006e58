/**
 * What happens in one run, as a value: it can be printed, kept in a file, made smaller and run again.
 * A seed gives a plan, a plan gives a run. Times are milliseconds since the run began, unless said.
 */
import type { FaultSpec } from "#hardware/simulator/faults/faults.ts";
import type { HandsetState } from "#hardware/simulator/network/handset.ts";
import type { LatencyName } from "#hardware/simulator/network/latency.ts";

export interface PlannedModem {
  readonly name: string;
  readonly profile: string;
  /** Of its radio; the network's when absent. */
  readonly latency?: number | LatencyName;
  readonly perMinute?: number;
  readonly perHour?: number;
  readonly sweepIntervalMs: number;
}

export interface PlannedNetwork {
  readonly latency: number | LatencyName;
  readonly reportDelay: number;
  readonly intermediateReports: boolean;
  readonly recipientForm: "as-dialled" | "international" | "national" | "short";
}

export interface PlannedMessage {
  /** Stands in every part of the text, so that the judge knows whose part it sees. */
  readonly marker: string;
  /** Messages of the same moment are one request. */
  readonly atMs: number;
  readonly to: string;
  readonly parts: number;
  readonly priority: number;
  readonly report: boolean;
  readonly onUnknown: "hold" | "resend";
  /** Put on the modem first, so that the entry's status tells whether it was sent. */
  readonly evidence?: "stored";
  readonly validitySeconds?: number;
  /** After acceptance. */
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
  readonly cancelAfterMs?: number;
}

/** A phone that is not simply on. */
export interface PlannedPhone {
  readonly number: string;
  readonly state: HandsetState;
  /** On again after that; never when absent. */
  readonly forMs?: number;
  /** Answers each message with this. */
  readonly reply?: string;
}

export type Happening =
  /** The process dies; another one starts after `downMs`. */
  | { readonly kind: "crash"; readonly atMs: number; readonly downMs: number }
  /** It dies so many turns of the event loop after the service centre took its nth message. */
  | { readonly kind: "crash-at-send"; readonly nth: number; readonly turns: number; readonly downMs: number }
  /** It dies so long after the caller was told that its nth request was accepted. */
  | {
      readonly kind: "crash-at-accept";
      readonly nth: number;
      readonly afterMs: number;
      readonly downMs: number;
    }
  /** It dies at the nth place that has a name of its own: before or after a write. */
  | { readonly kind: "crash-at-step"; readonly nth: number; readonly downMs: number }
  /** It ends in order. */
  | { readonly kind: "restart"; readonly atMs: number; readonly downMs: number }
  /** Somebody sets the host's clock; the network's stays. */
  | { readonly kind: "clock-step"; readonly atMs: number; readonly byMs: number }
  | { readonly kind: "park"; readonly atMs: number; readonly modem: string; readonly forMs: number };

/** When the receiver of webhooks does not do its work. */
export interface PlannedOutage {
  readonly fromMs: number;
  readonly untilMs: number;
  /** `lost-answer`: it takes the event, and its answer does not come back. */
  readonly how: "error" | "refused" | "timeout" | "pause" | "lost-answer";
}

export interface Plan {
  readonly seed: number;
  /** Something happens only in this time; afterwards everything gets its time to end. */
  readonly lengthMs: number;
  readonly modems: readonly PlannedModem[];
  readonly network: PlannedNetwork;
  readonly messages: readonly PlannedMessage[];
  readonly phones: readonly PlannedPhone[];
  readonly faults: readonly FaultSpec[];
  readonly happenings: readonly Happening[];
  readonly outages: readonly PlannedOutage[];
  /** Share of posts whose answer is an error, whenever they come. */
  readonly postErrors: number;
}

/** The text of a message: its marker again and again, so that each part holds it whole. */
export function textOf({ marker, parts }: PlannedMessage): string {
  const word = `${marker} `;
  const length = parts === 1 ? 60 : (parts - 1) * PART_SEPTETS + 40;
  return word.repeat(Math.ceil(length / word.length)).trimEnd();
}

/** 3GPP TS 23.040 9.2.3.24.1: what six octets of header leave of 160. */
const PART_SEPTETS = 153;

export function markerIn(text: string | undefined): string | undefined {
  return text?.match(/(?:^|\s)(m\d+)\s/)?.[1] ?? text?.match(/^(m\d+)$/)?.[1];
}

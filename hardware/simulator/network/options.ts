/** What the network is like. */
import { type Latency, type LatencyName, latencyOf } from "./latency.ts";

export interface NetworkOptions {
  /** From Ctrl-Z to the answer. A number is milliseconds; 0 answers at once and sets no timer. */
  readonly latency?: number | LatencyName | Latency;
  /** From the recipient having the message to its status report. 0 with no latency, else about 3 s. */
  readonly reportDelay?: number | Latency;
  /** Short operator name as `AT+COPS?` shows it. */
  readonly operator?: string;
  /** Mobile country and network code, five or six digits. */
  readonly plmn?: string;
  readonly countryCode?: string;
  /** Service centre number, with `+`. */
  readonly serviceCentre?: string;
  /** Zone of the service centre's time stamps in quarter hours. */
  readonly timeZoneQuarters?: number;
  /** Wait before a message that a modem or phone could not take is tried again. */
  readonly redeliveryMs?: number;
  /** How long a message without TP-VP is kept. */
  readonly validityMs?: number;
  /** Whether "still trying" reports (TP-ST 0x20..0x3F) are sent. */
  readonly intermediateReports?: boolean;
  /** TP-RA of reports: as dialled, or always in one form. */
  readonly recipientForm?: "as-dialled" | "international" | "national" | "short";
}

export interface NetworkSettings {
  latency: Latency;
  reportDelay: Latency;
  readonly operator: string;
  readonly plmn: string;
  readonly countryCode: string;
  readonly serviceCentre: string;
  timeZoneQuarters: number;
  readonly redeliveryMs: number;
  readonly validityMs: number;
  intermediateReports: boolean;
  recipientForm: "as-dialled" | "international" | "national" | "short";
}

/** Recipients report within seconds when the phone is on. */
const REPORT_DELAY: Latency = {
  kind: "lognormal",
  medianMs: 3_000,
  linkedMedianMs: 3_000,
  sigma: 0.5,
  tailShare: 0.01,
  tailMinMs: 10_000,
  tailMaxMs: 30_000,
};
const NO_DELAY: Latency = { kind: "fixed", ms: 0 };

export function networkSettings(options: NetworkOptions): NetworkSettings {
  const latency = latencyOf(options.latency ?? 0);
  const isInstant = latency.kind === "fixed" && latency.ms === 0;
  return {
    latency,
    reportDelay: latencyOf(options.reportDelay ?? (isInstant ? NO_DELAY : REPORT_DELAY)),
    operator: options.operator ?? "Dunlin",
    plmn: options.plmn ?? "26201",
    countryCode: options.countryCode ?? "49",
    serviceCentre: options.serviceCentre ?? "+491710760000",
    timeZoneQuarters: options.timeZoneQuarters ?? 4,
    redeliveryMs: options.redeliveryMs ?? 60_000,
    validityMs: options.validityMs ?? 172_800_000,
    intermediateReports: options.intermediateReports ?? false,
    recipientForm: options.recipientForm ?? "as-dialled",
  };
}

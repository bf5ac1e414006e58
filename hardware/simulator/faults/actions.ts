/**
 * What can go wrong, as plain data: a list of these in a file is what happened to somebody, and happens
 * again. Times are milliseconds.
 */
import type { OpenRefusal } from "#hardware/simulator/modem/port-guard.ts";
import type { OperatorRules } from "#hardware/simulator/network/operator.ts";
import type { SampleName } from "#hardware/simulator/network/samples.ts";

/** A time, or any between `ms` and `toMs`. */
export interface Span {
  readonly ms: number;
  readonly toMs?: number;
}

/** The one thing that brings a modem back whose parser is dead. A power cut always does. */
export type Cure =
  | "escape"
  | "reopen"
  /** The port for AT is dead and the modem is not: a restart that is said on its other AT port. */
  | "other-port"
  | "radio-cycle"
  | "restart"
  | "power-cycle";

/** The whole modem: what was being done is over. */
export type LifeAction =
  /** Nothing is read or written for `ms`, or until it restarts. */
  | { readonly kind: "mute"; readonly ms?: number }
  /** The parser is dead until its cure comes; with `unsolicited` the modem still talks by itself. */
  | { readonly kind: "hang"; readonly cure: Cure; readonly unsolicited?: boolean }
  | ({ readonly kind: "reset" } & ResetOptions)
  | {
      readonly kind: "unplug";
      readonly replugAfterMs?: number;
      /** It comes back under another name, as ttyUSB2 becomes ttyUSB5. */
      readonly rename?: boolean;
      readonly deafMs?: number;
      /** Plugged in again, it is a CD-ROM for so long. */
      readonly cdRomMs?: number;
    }
  /** It restarts again and again: too little power. */
  | { readonly kind: "brown-out"; readonly times: number; readonly everyMs: number }
  /** A stick falls back to what it is before it is switched: a CD-ROM, and no port at all. */
  | { readonly kind: "cd-rom"; readonly forMs?: number }
  /** usb-modeswitch has done its work. */
  | { readonly kind: "mode-switch" };

export interface ResetOptions {
  /** No boot lines. */
  readonly silent?: boolean;
  /** ATE, AT+CNMI, AT+CPMS and so on survive. */
  readonly keepSettings?: boolean;
  /** Message reference: kept on the SIM, begins anew at 0, or goes on after this one. */
  readonly reference?: "keep" | "reset" | number;
  /** The port is there so long before anything answers. */
  readonly deafMs?: number;
}

/** Around the modem: the dialogue goes on. */
export type WorldAction =
  | {
      readonly kind: "registration";
      /** `<stat>` of 27.007 7.2. */
      readonly stat: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;
      readonly domains?: readonly ("CREG" | "CGREG" | "CEREG")[];
      /** Home again after that. */
      readonly forMs?: number;
    }
  | { readonly kind: "signal"; readonly signal: number; readonly forMs?: number }
  | {
      readonly kind: "noise";
      readonly everyMs: number;
      readonly lines?: readonly string[];
      readonly forMs?: number;
    }
  | { readonly kind: "say"; readonly line: string }
  /** The network's zone in quarter hours, daylight saving included: a move, or summer time (NITZ). */
  | { readonly kind: "time-zone"; readonly quarters: number; readonly daylightHours?: 0 | 1 | 2 }
  /** ATE1 that nobody sent. */
  | { readonly kind: "echo-on" }
  /** `silent`: the modem has no card detection and does not say so. */
  | { readonly kind: "sim-out"; readonly forMs?: number; readonly silent?: boolean }
  /** Another card: a new IMSI, ICCID and number. */
  | { readonly kind: "sim-swap"; readonly silent?: boolean }
  | { readonly kind: "sim-busy"; readonly forMs: number }
  | { readonly kind: "sim-failure"; readonly forMs?: number }
  | { readonly kind: "sim-lock"; readonly lock: "pin" | "puk" | "blocked"; readonly pin?: string }
  /** Old messages fill the memory until `leave` places are free. */
  | { readonly kind: "fill-storage"; readonly storage: "SM" | "ME" | "SR"; readonly leave?: number }
  /** Where reports go with ds=2, whatever the family does: "some store them in SM, not SR". */
  | { readonly kind: "report-storage"; readonly storage: "SM" | "ME" | "SR" }
  /** Nobody can open the port: another program has it, rights are missing, the driver fails. Null ends it. */
  | { readonly kind: "block-port"; readonly reason: OpenRefusal | null; readonly forMs?: number }
  /** Only these numbers, and longer ones that begin with them, may be written to; null ends it. */
  | { readonly kind: "fixed-dialling"; readonly numbers: readonly string[] | null }
  | { readonly kind: "corrupt-slot"; readonly storage: "SM" | "ME" | "SR" }
  | {
      readonly kind: "incoming";
      readonly from: string;
      readonly text: string;
      readonly count?: number;
      readonly everyMs?: number;
      /** Of the parts of each message. */
      readonly order?: PartOrder;
      readonly class?: 0 | 1 | 2 | 3;
    }
  | { readonly kind: "incoming-sample"; readonly sample: SampleName }
  | { readonly kind: "operator"; readonly rules: OperatorRules };

export type PartOrder = "in-order" | "reversed" | "missing" | "duplicated";

/** What the host reads is not what the modem said. */
export type GarbleAction =
  | { readonly kind: "truncate"; readonly length: number }
  | { readonly kind: "line-ends"; readonly form: "none" | "lf" | "cr" | "double" | "extra" }
  /** At octet `at`; `diag` is a frame of Qualcomm's DIAG protocol. */
  | { readonly kind: "insert"; readonly what: "nul" | "garbage" | "diag"; readonly at?: number }
  | { readonly kind: "replace"; readonly pattern: string; readonly by: string }
  /** Two reads: the second `ms` later. */
  | { readonly kind: "split"; readonly at: number; readonly ms: number }
  /** Nothing comes for `ms`, then all of it at once. */
  | { readonly kind: "merge"; readonly ms: number };

export type FaultAction =
  | LifeAction
  | WorldAction
  | GarbleAction
  /** `answer`: information lines come, the final result does not. */
  | { readonly kind: "drop-final" }
  /** `answer`: the final result comes, `+CMGS: n` and other information lines do not. */
  | { readonly kind: "drop-info" }
  /** `answer`: nothing comes. */
  | { readonly kind: "drop-answer" }
  /** `answer`: everything comes, but later. */
  | ({
      readonly kind: "delay-answer";
      /** That much more for each information line: a long listing takes its time. */
      readonly perLineMs?: number;
    } & Span)
  /** `answer`: the information lines come at once, the final result later. */
  | ({ readonly kind: "late-final" } & Span)
  /** `prompt`: the modem waits for the PDU but does not say so, or says so later. */
  | { readonly kind: "drop-prompt" }
  | ({ readonly kind: "delay-prompt" } & Span)
  /** `input`: so many octets of what comes are lost. */
  | { readonly kind: "eat"; readonly octets: number }
  /** `pdu`: the character at `index` of what was typed is lost. */
  | { readonly kind: "drop-octet"; readonly index: number }
  | { readonly kind: "drop-ctrl-z" }
  /** `pdu`: a line feed after AT+CMGS counts as its first octet. */
  | { readonly kind: "line-feed" }
  /** `command`, `submit`: nothing is sent. One of several codes by chance; a bare ERROR without any. */
  | { readonly kind: "refuse"; readonly cms?: number | readonly number[]; readonly cme?: number }
  /** `submit`: the network is silent; after `ms` CMS 332 or the vendor's own code. */
  | { readonly kind: "network-timeout"; readonly ms: number }
  /** `accepted`: the ledger has the message, the modem says `+CMS ERROR`; 332 or the vendor's own code. */
  | { readonly kind: "accept-but-error"; readonly cms?: number }
  /** `unsolicited` */
  | { readonly kind: "drop-line" }
  | { readonly kind: "duplicate-line" }
  /** `open`: as EBUSY, EACCES and EIO would. */
  | { readonly kind: "refuse-open"; readonly reason: OpenRefusal }
  | ReportAction;

export type ReportAction =
  | { readonly kind: "lose-report" }
  | ({ readonly kind: "delay-report" } & Span)
  /** Before the answer to the submit. */
  | { readonly kind: "early-report" }
  /** After the next one of this SIM, or after a minute. */
  | { readonly kind: "reorder-report" }
  /** `copies` more of the same. */
  | { readonly kind: "duplicate-report"; readonly copies?: number }
  /** One with this TP-ST (0x20..0x3F, still trying) first, the real one `ms` later. */
  | { readonly kind: "intermediate-report"; readonly status?: number; readonly ms?: number }
  /** TP-ST of the only report, e.g. 0x46 for an expired message. */
  | { readonly kind: "report-status"; readonly status: number }
  /** TP-MR is another one: `by` more. */
  | { readonly kind: "wrong-reference"; readonly by: number }
  | { readonly kind: "recipient-form"; readonly form: "international" | "national" | "short" };

export type ActionKind = FaultAction["kind"];

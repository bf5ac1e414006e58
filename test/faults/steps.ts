/** The steps of a modem's life and of one send, and how a fault finds the moment. Times are milliseconds. */
import type { CheckpointName } from "#gateway/checkpoints.ts";
import type { FaultPoint } from "#hardware/simulator/faults/points.ts";

/** Longest wait for an ordinary command. */
const COMMAND_MS = 5_000;
/** Waking a modem: rounds of ESC CR and AT until it answers. */
const WAKING_MS = 15_000;
const PROMPT_MS = 10_000;
/** EC25: 120 s for the network, and 5 s of mere listening after that. */
const ANSWER_MS = 125_000;
const MAILBOX_MS = 10_000;
const LIST_MS = 60_000;
/** An idle modem is asked how it is so often, and may take a command's time to answer. */
const IDLE_MS = 60_000 + COMMAND_MS;

export type Moment =
  | { readonly kind: "before-start" }
  /** Nothing is being done. */
  | { readonly kind: "idle" }
  /** Our octets are about to reach the modem. */
  | { readonly kind: "write"; readonly pattern: RegExp; readonly nth?: number }
  /** The modem's octets are about to reach us. */
  | { readonly kind: "read"; readonly pattern: RegExp }
  | { readonly kind: "write-to-disk"; readonly place: CheckpointName }
  /** A point that only the modem knows. */
  | { readonly kind: "inside"; readonly point: FaultPoint };

export interface Step {
  readonly name: string;
  readonly moment: Moment;
  /** What we wait for there at most. */
  readonly limitMs: number;
}

const written = (name: string, pattern: RegExp, limitMs = COMMAND_MS, nth?: number): Step => ({
  name,
  moment: { kind: "write", pattern, ...(nth === undefined ? {} : { nth }) },
  limitMs,
});

export const STEPS: readonly Step[] = [
  { name: "open", moment: { kind: "before-start" }, limitMs: WAKING_MS },
  written("wake", /^AT\r/, WAKING_MS),
  written("identify", /^AT\+CGMM/),
  written("unlock", /^AT\+CPIN\?/, 40_000),
  written("SIM identity", /^AT\+(QCCID|CCID|CRSM)/, 40_000),
  written("register", /^AT\+C(EREG|GREG|REG)=/),
  written("PDU mode", /^AT\+CMGF=0/),
  written("storages", /^AT\+CPMS=/),
  written("indications", /^AT\+CNMI=/),
  written("first sweep", /^AT\+CMGL=4/, LIST_MS),
  { name: "idle", moment: { kind: "idle" }, limitMs: IDLE_MS },
  { name: "claimed", moment: { kind: "write-to-disk", place: "after-claim" }, limitMs: PROMPT_MS },
  written("CMGS written", /^AT\+CMGS=/, PROMPT_MS),
  { name: "prompt", moment: { kind: "read", pattern: /\n> $/ }, limitMs: ANSWER_MS },
  { name: "PDU", moment: { kind: "inside", point: "pdu" }, limitMs: ANSWER_MS },
  { name: "Ctrl-Z", moment: { kind: "inside", point: "submit" }, limitMs: ANSWER_MS },
  { name: "accepted", moment: { kind: "inside", point: "accepted" }, limitMs: ANSWER_MS },
  { name: "answer", moment: { kind: "read", pattern: /\+CMGS: \d/ }, limitMs: ANSWER_MS },
  { name: "settled", moment: { kind: "write-to-disk", place: "after-settle" }, limitMs: IDLE_MS },
  { name: "report indicated", moment: { kind: "read", pattern: /\+CDSI: / }, limitMs: IDLE_MS },
  written("report read", /^AT\+CMGR=/, MAILBOX_MS),
  { name: "report stored", moment: { kind: "write-to-disk", place: "after-report" }, limitMs: MAILBOX_MS },
  written("report deleted", /^AT\+CMGD=/, MAILBOX_MS),
  written("later sweep", /^AT\+CMGL=4/, LIST_MS, 7),
];

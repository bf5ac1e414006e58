/** Where faults can strike, and which of them where. */
import type { ActionKind } from "./actions.ts";

/**
 * - `open`: somebody opens the port (in-process)
 * - `input`: octets come
 * - `command`: a command line has come
 * - `prompt`: the modem is about to ask for the PDU
 * - `pdu`: the first octets of the PDU have come
 * - `submit`: Ctrl-Z has come, the service centre has not seen the message yet
 * - `accepted`: the service centre has it, the modem has not answered yet
 * - `answer`: a command's result is about to be written
 * - `unsolicited`: the modem is about to say something by itself
 * - `report`: the service centre is about to send a status report
 * - `time`: a moment, whatever happens then
 */
export const FAULT_POINTS = [
  "open",
  "input",
  "command",
  "prompt",
  "pdu",
  "submit",
  "accepted",
  "answer",
  "unsolicited",
  "report",
  "time",
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

const LIFE: readonly ActionKind[] = ["mute", "hang", "reset", "unplug", "brown-out", "cd-rom", "mode-switch"];
const WORLD: readonly ActionKind[] = [
  "registration",
  "signal",
  "noise",
  "say",
  "time-zone",
  "echo-on",
  "sim-out",
  "sim-swap",
  "sim-busy",
  "sim-failure",
  "sim-lock",
  "block-port",
  "report-storage",
  "fixed-dialling",
  "fill-storage",
  "corrupt-slot",
  "incoming",
  "incoming-sample",
  "operator",
];
const GARBLE: readonly ActionKind[] = ["truncate", "line-ends", "insert", "replace", "split", "merge"];
const ANYWHERE = [...LIFE, ...WORLD];

/** Arming anything else is refused. */
export const ACTIONS: Readonly<Record<FaultPoint, readonly ActionKind[]>> = {
  open: ["refuse-open"],
  input: ["eat"],
  command: ["refuse", ...ANYWHERE],
  prompt: ["drop-prompt", "delay-prompt", ...ANYWHERE],
  pdu: ["drop-octet", "drop-ctrl-z", "line-feed", ...ANYWHERE],
  submit: ["refuse", "network-timeout", ...ANYWHERE],
  accepted: ["accept-but-error", ...ANYWHERE],
  answer: ["drop-final", "drop-info", "drop-answer", "delay-answer", "late-final", ...GARBLE, ...ANYWHERE],
  unsolicited: ["drop-line", "duplicate-line", ...GARBLE],
  report: [
    "lose-report",
    "delay-report",
    "early-report",
    "reorder-report",
    "duplicate-report",
    "intermediate-report",
    "report-status",
    "wrong-reference",
    "recipient-form",
  ],
  time: ANYWHERE,
};

/** When a fault fires: for whom, at which occasion, how often. */
import type { FaultAction } from "./actions.ts";
import type { FaultPoint } from "./points.ts";

export interface FaultSpec {
  readonly at: FaultPoint;
  readonly action: FaultAction;
  /** For people who read the list. */
  readonly note?: string;
  /** Modem by name; any when absent. */
  readonly modem?: string;
  /** For `command`, `prompt`, `pdu` and `answer`: a command's name, e.g. `+CMGS`; any when absent. */
  readonly command?: string;
  /** Recipient as dialled with `+` when international, or a regular expression between slashes. */
  readonly recipient?: string;
  /** For `submit`, `accepted` and `report`: a regular expression that the text holds. */
  readonly content?: string;
  /** For `unsolicited`: a regular expression of the line. */
  readonly line?: string;
  /** For `input`: only when nothing had come for so long. */
  readonly idleMs?: number;
  /** Fires at this matching occasion, counted from 1 at arming. */
  readonly nth?: number;
  /** Fires at every so many matching occasions. */
  readonly every?: number;
  /** Fires by chance, 0..1. */
  readonly probability?: number;
  /** Fires at occasions beyond `count` within any `withinMs`. */
  readonly rate?: { readonly count: number; readonly withinMs: number };
  /** Only while the simulator has run so long. */
  readonly fromMs?: number;
  readonly untilMs?: number;
  /** For `time`: when, since the simulator's start; at once when that is past. */
  readonly atMs?: number;
  /** For `time`: again and again. */
  readonly everyMs?: number;
  /** Fires at most so often; once when only `nth` or nothing is given, else without end. */
  readonly times?: number;
}

/** What is known at the point where a fault may fire. */
export interface Occasion {
  readonly modem: string;
  readonly command?: string;
  readonly recipient?: string;
  readonly line?: string;
  readonly idleMs?: number;
  /** The text of the message; decoded only when a fault asks for it. */
  readonly content?: () => string | undefined;
}

/** Says what is wrong with a fault and what would be right. */
export class FaultRefused extends Error {
  override name = "FaultRefused";
}

export interface Trigger {
  readonly recipient: RegExp | undefined;
  readonly content: RegExp | undefined;
  readonly line: RegExp | undefined;
}

/** @throws FaultRefused when a regular expression is none */
export function triggerOf({ recipient, content, line, action }: FaultSpec): Trigger {
  const isPattern = recipient !== undefined && /^\/.*\/$/.test(recipient);
  if (action.kind === "replace") compiled("pattern", action.pattern);
  if (action.kind === "operator") compiled("filter", action.rules.filter);
  return {
    recipient: isPattern ? compiled("recipient", recipient.slice(1, -1)) : undefined,
    content: compiled("content", content),
    line: compiled("line", line),
  };
}

function compiled(field: string, pattern: string | undefined): RegExp | undefined {
  if (pattern === undefined) return undefined;
  try {
    return new RegExp(pattern);
  } catch (error) {
    throw new FaultRefused(`${field} ${pattern} is no regular expression: ${(error as Error).message}`);
  }
}

export function matches(trigger: Trigger, spec: FaultSpec, occasion: Occasion): boolean {
  if (spec.modem !== undefined && spec.modem !== occasion.modem) return false;
  if (spec.command !== undefined && spec.command !== occasion.command) return false;
  if (spec.idleMs !== undefined && (occasion.idleMs ?? 0) < spec.idleMs) return false;
  if (trigger.line && !trigger.line.test(occasion.line ?? "")) return false;
  if (spec.recipient !== undefined) {
    if (occasion.recipient === undefined) return false;
    const { recipient } = trigger;
    if (recipient ? !recipient.test(occasion.recipient) : spec.recipient !== occasion.recipient) return false;
  }
  return trigger.content === undefined || trigger.content.test(occasion.content?.() ?? "");
}

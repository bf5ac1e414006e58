/** How a line of an error table is written. */
import type { ErrorAction } from "#hardware/modem/types.ts";

export interface ErrorRow {
  readonly text: string;
  readonly action: ErrorAction;
  readonly retryAfterMs?: number;
  /** What to do when it came so many times for one message on one modem. */
  readonly escalation?: { readonly afterTries: number; readonly action: ErrorAction };
}

export type ErrorTable = Readonly<Record<number, ErrorRow>>;

export const SECONDS = 1_000;
export const MINUTES = 60_000;

interface Extra {
  readonly afterMs?: number;
  /** `[tries, action]` */
  readonly escalation?: readonly [number, ErrorAction];
}

function row(action: ErrorAction, text: string, extra: Extra): ErrorRow {
  return {
    text,
    action,
    ...(extra.afterMs === undefined ? {} : { retryAfterMs: extra.afterMs }),
    ...(extra.escalation === undefined
      ? {}
      : { escalation: { afterTries: extra.escalation[0], action: extra.escalation[1] } }),
  };
}

/** The same modem may try again. */
export const retry = (text: string, extra: Extra = {}): ErrorRow =>
  row("retry", text, { afterMs: 30 * SECONDS, ...extra });
/** Another modem or SIM should try. */
export const otherSim = (text: string, extra: Extra = {}): ErrorRow => row("other-sim", text, extra);
/** The number cannot be reached, now or later. */
export const numberDead = (text: string, extra: Extra = {}): ErrorRow => row("number-dead", text, extra);
/** This message cannot be sent by anybody. */
export const messageDead = (text: string, extra: Extra = {}): ErrorRow => row("message-dead", text, extra);
/** The SIM or its subscription is at fault. */
export const parkSim = (text: string, extra: Extra = {}): ErrorRow => row("park-sim", text, extra);
/** The modem needs cleaning or a reset, then the same modem may try again. */
export const resetModem = (text: string, extra: Extra = {}): ErrorRow =>
  row("reset-modem", text, { afterMs: 30 * SECONDS, ...extra });
/** The network asks for less. */
export const slowDown = (text: string, extra: Extra = {}): ErrorRow =>
  row("slow-down", text, { afterMs: 1 * MINUTES, ...extra });
/** The message may have been taken: nobody can know. */
export const unknown = (text: string, extra: Extra = {}): ErrorRow => row("unknown", text, extra);
/** The service centre holds it already. */
export const done = (text: string): ErrorRow => row("done", text, {});

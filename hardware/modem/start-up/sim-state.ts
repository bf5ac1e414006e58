/** AT+CPIN? in all its forms (27.007 8.3), and the errors that stand for an answer. */
import { readCommand } from "#hardware/at/command.ts";
import type { Reply } from "#hardware/at/conversation.ts";
import { afterPrefix, unquote } from "#hardware/at/fields.ts";
import { LIMITS } from "#hardware/modem/settings.ts";
import { errorCode, failureText, repeat, type StartContext } from "./context.ts";

export type SimState =
  | { readonly kind: "ready" }
  | { readonly kind: "needs-pin" }
  /** Only a person can help: PUK, a lock of the operator, a SIM that is broken. */
  | { readonly kind: "locked"; readonly detail: string }
  | { readonly kind: "missing"; readonly detail: string }
  | { readonly kind: "busy" }
  /** No answer that says anything. */
  | { readonly kind: "unclear"; readonly detail: string };

const LOCKS: Readonly<Record<string, string>> = {
  "SIM PUK": "the SIM asks for its PUK after three wrong PINs; unlock it by hand, in a phone",
  "PH-SIM PIN": "the modem is locked to another SIM",
  "PH-NET PIN": "the modem is locked to another operator",
  "PH-NET PUK": "the modem is locked to another operator and asks for its PUK",
};

const MISSING = "no SIM is found; insert one, or push it home";

/** 27.007 9.2: codes that answer the question. 515 is a modem that still starts. */
const BY_CODE: Readonly<Record<number, SimState>> = {
  5: { kind: "locked", detail: "the modem is locked to another SIM" },
  10: { kind: "missing", detail: MISSING },
  11: { kind: "needs-pin" },
  12: { kind: "locked", detail: LOCKS["SIM PUK"] as string },
  13: { kind: "missing", detail: "the SIM fails; clean it, or take another one" },
  14: { kind: "busy" },
  15: { kind: "missing", detail: "the modem says that this is the wrong kind of SIM" },
  262: { kind: "locked", detail: "the SIM is blocked" },
  515: { kind: "busy" },
};

/** The SIM's state, waiting while it is busy. */
export async function readSimState(context: StartContext): Promise<SimState> {
  const ask = (): Promise<Reply> =>
    // Wavecom and Sierra SL8084 may leave out the OK; a state that is spelled out is enough.
    context.channel.run(readCommand("+CPIN"), { endsAt: (line) => /^\+CPIN: ?"?(?:READY|SIM P)/.test(line) });
  const settled = (reply: Reply): boolean => simStateOf(reply).kind !== "busy";
  return simStateOf(await repeat(context, LIMITS.simBusyTries, LIMITS.simBusyMs, ask, settled));
}

export function simStateOf(reply: Reply): SimState {
  if (reply.kind === "error") {
    const code = errorCode(reply);
    return (
      (code === undefined ? undefined : BY_CODE[code]) ?? { kind: "unclear", detail: failureText(reply) }
    );
  }
  const line = reply.lines[0];
  const text = line === undefined ? "" : unquote(afterPrefix(line)).toUpperCase();
  switch (text) {
    case "READY":
    // PIN2 and PUK2 guard the fixed dialling list and do not stop messages.
    case "SIM PIN2":
    case "SIM PUK2":
      return { kind: "ready" };
    case "SIM PIN":
      return { kind: "needs-pin" };
    case "NOT READY":
      return { kind: "busy" };
    case "NOT INSERTED":
      return { kind: "missing", detail: MISSING };
    case "":
      return { kind: "unclear", detail: failureText(reply) };
    default:
      return { kind: "locked", detail: LOCKS[text] ?? `the SIM asks for "${text.slice(0, 20)}"` };
  }
}

/** The state of one modem as others see it; says so when it changes, and only then. */
import type { Logger } from "#shared/logger.ts";
import type { ModemState, ModemStatus } from "./types.ts";

export interface StatusBoard {
  readonly status: ModemStatus;
  /** Moves to a state, and may come to know something by it. */
  to(state: ModemState, detail: string, facts?: Facts): void;
  /** Adds or replaces facts; `undefined` takes a fact away. */
  know(facts: Facts): void;
}

type Facts = { readonly [K in Exclude<keyof ModemStatus, "state" | "detail">]?: ModemStatus[K] | undefined };

/** What is not true any more of a modem that is gone, or has no SIM. */
export const NO_NETWORK = { registration: undefined, operator: undefined, signalDbm: undefined } as const;

export function createStatusBoard(log: Logger, changed: (status: ModemStatus) => void): StatusBoard {
  let status: ModemStatus = { state: "absent", detail: "not looked for yet" };

  function show(next: ModemStatus): void {
    if (JSON.stringify(next) === JSON.stringify(status)) return;
    const moved = next.state !== status.state || next.detail !== status.detail;
    status = next;
    if (moved) log.info({ state: next.state, detail: next.detail }, "modem state");
    changed(status);
  }

  return {
    get status() {
      return status;
    },
    to(state, detail, facts) {
      show({ ...merged(status, facts ?? {}), state, detail });
    },
    know(facts) {
      show(merged(status, facts));
    },
  };
}

function merged(status: ModemStatus, facts: Facts): ModemStatus {
  const known = Object.entries({ ...status, ...facts }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as unknown as ModemStatus;
}

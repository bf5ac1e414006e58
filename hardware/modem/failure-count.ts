/** When a run of the same error means that the modem, and not the message, is at fault. */
import type { ModemError, SubmitOutcome } from "./types.ts";

export type Remedy = "none" | "clean-storage" | "reset" | "check-sim" | "check-network";

/** Codes of a storage that is full; deleting helps, a reset does not. */
const STORAGE_CMS = [208, 209, 211, 322];
const STORAGE_CME = [20];
/** The SIM is gone, locked or failing: the start-up dialogue finds out which. */
const SIM_CMS = [310, 311, 312, 313, 315, 316];
const SIM_CME = [5, 10, 11, 12, 13, 15];
const NETWORK_CMS = [331];
const NETWORK_CME = [30, 32];

/** A reset is asked for by one error of that class; with the first it may be chance. */
const RESET_ERRORS = 2;

export interface FailureCount {
  /** What this outcome asks the session to do. */
  note(outcome: SubmitOutcome): Remedy;
}

export function createFailureCount(): FailureCount {
  let last = "";
  let count = 0;
  return {
    note(outcome) {
      const error = "error" in outcome ? outcome.error : undefined;
      const name = error === undefined ? "" : `${error.family}:${error.code ?? ""}`;
      count = name !== "" && name === last ? count + 1 : 1;
      last = name;
      const remedy = error === undefined ? "none" : remedyFor(error, count);
      if (remedy === "reset") count = 0;
      return remedy;
    },
  };
}

function remedyFor(error: ModemError, count: number): Remedy {
  const isOneOf = (cms: readonly number[], cme: readonly number[]): boolean => hasCode(error, cms, cme);
  if (isStorageFull(error)) return "clean-storage";
  if (isOneOf(SIM_CMS, SIM_CME)) return "check-sim";
  if (isOneOf(NETWORK_CMS, NETWORK_CME)) return "check-network";
  if (error.action === "reset-modem") return count >= RESET_ERRORS ? "reset" : "none";
  const { escalation } = error;
  return escalation?.action === "reset-modem" && count > escalation.afterTries ? "reset" : "none";
}

/** Deleting what is safe with us makes room. */
export function isStorageFull(error: ModemError): boolean {
  return hasCode(error, STORAGE_CMS, STORAGE_CME);
}

function hasCode({ family, code = -1 }: ModemError, cms: readonly number[], cme: readonly number[]): boolean {
  return (family === "cms" && cms.includes(code)) || (family === "cme" && cme.includes(code));
}

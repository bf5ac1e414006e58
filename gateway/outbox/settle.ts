/**
 * What a modem's answer means for the segment and for its SIM. Pure: every branch is a row of a table
 * test. The class of an error comes from the driver's tables (`hardware/at`), the action is chosen here.
 */
import type { ErrorAction, ModemError, SubmitOutcome } from "#hardware/modem/types.ts";
import type { DeliveryCode } from "#shared/problems.ts";

/** Refusals of class "retry" that one SIM may give to one message before another is tried. */
export const RETRIES_PER_SIM_MAX = 3;
/** Refusals of any class that one segment may meet before it is given up. */
export const REFUSALS_MAX = 12;
/** Tries that never left us (no prompt, modem gone). They cost nothing, so there may be many. */
export const NOT_SENT_MAX = 100;
/** Second copies that `onUnknown: resend` may make of one segment. */
export const RESENDS_MAX = 3;

const BACKOFF_MS_FIRST = 5_000;
const BACKOFF_MS_MAX = 15 * 60_000;
const NOT_SENT_BACKOFF_MS_FIRST = 500;
const NOT_SENT_BACKOFF_MS_MAX = 5 * 60_000;
/** What a service centre keeps a message for when the submit names no validity period. */
export const DEFAULT_VALIDITY_MS = 3 * 24 * 3_600_000;
/** After the validity period the last report may still be on its way. */
const REPORT_GRACE_MS = 60 * 60_000;

export type AttemptOutcome = SubmitOutcome["kind"];

/** An attempt that is over. */
export interface PastAttempt {
  readonly segment: number;
  readonly sim: number;
  readonly outcome: AttemptOutcome;
  /** What was done about its error. */
  readonly action?: ErrorAction | undefined;
  /** Its error as `errorKey` names it. */
  readonly error?: string | undefined;
}

/** The same string for the same error, whatever message or modem it came to. */
export function errorKey(error: { readonly family: string; readonly code?: number | undefined }): string {
  return `${error.family}:${error.code ?? ""}`;
}

export interface SettleFacts {
  readonly now: number;
  readonly segment: number;
  /** The SIM that had it. */
  readonly sim: number;
  readonly notAfter?: number | undefined;
  readonly report: boolean;
  readonly validitySeconds?: number | undefined;
  readonly onUnknown: "hold" | "resend";
  /** Attempts of the whole message before this one, oldest first. */
  readonly past: readonly PastAttempt[];
  /** How often this SIM met the same error just before, for whichever messages. */
  readonly streak: number;
  /** Another SIM could take the message: one is there, allowed, and no part is on the air through this one. */
  readonly others: boolean;
}

/** Where the segment goes. */
export type Settlement =
  | {
      readonly to: "submitted";
      readonly reportDueAt?: number;
      readonly note?: string;
      /** Where that is not now. */
      readonly submittedAt?: number;
    }
  | {
      readonly to: "queued";
      readonly notBefore?: number;
      readonly reason: string;
      readonly code?: DeliveryCode;
    }
  | { readonly to: "failed" | "expired"; readonly reason: string; readonly code: DeliveryCode }
  | {
      readonly to: "unknown";
      readonly reason: string;
      readonly code: DeliveryCode;
      readonly resend: boolean;
    };

/** What it means for the SIM. */
export type SimVerdict =
  | { readonly kind: "none" }
  | { readonly kind: "well" }
  | { readonly kind: "slow" }
  | { readonly kind: "park"; readonly reason: string };

export interface Verdict {
  readonly segment: Settlement;
  readonly sim: SimVerdict;
  /** What was done about the error, if there was one. */
  readonly action?: ErrorAction;
}

const NO_VERDICT: SimVerdict = { kind: "none" };
const WELL: SimVerdict = { kind: "well" };

export function settle(outcome: SubmitOutcome, facts: SettleFacts): Verdict {
  switch (outcome.kind) {
    case "accepted":
      return { segment: submitted(facts, outcome.note), sim: WELL };
    case "not-sent":
      return { segment: notSent(facts, outcome.reason), sim: NO_VERDICT };
    case "unknown":
      return { segment: unknown(facts, outcome.reason), sim: NO_VERDICT };
    case "refused":
      return refused(facts, outcome.error);
  }
}

function refused(facts: SettleFacts, error: ModemError): Verdict {
  const action = actionFor(error, facts);
  return { ...act(facts, error, action), action };
}

/**
 * What an error asks for, or what it asks for when it keeps coming. A number or a message is to blame
 * when it met the same error before, with any SIM; a SIM or modem when this one did.
 */
export function actionFor(
  error: ModemError,
  facts: Pick<SettleFacts, "past" | "sim" | "streak">,
): ErrorAction {
  const { action, escalation } = error;
  if (escalation === undefined) return action;
  const same = facts.past.filter((one) => one.error === errorKey(error));
  const blamesMessage = escalation.action === "number-dead" || escalation.action === "message-dead";
  const onThisSim = same.filter(({ sim }) => sim === facts.sim).length;
  const streak = escalation.action === "park-sim" ? facts.streak : 0;
  const before = blamesMessage ? same.length : Math.max(onThisSim, streak);
  return before >= escalation.afterTries ? escalation.action : action;
}

function act(facts: SettleFacts, error: ModemError, action: ErrorAction): Verdict {
  const reason = error.text;
  switch (action) {
    case "number-dead":
      return { segment: { to: "failed", reason, code: "number_dead" }, sim: NO_VERDICT };
    case "message-dead":
      return { segment: { to: "failed", reason, code: "message_refused" }, sim: NO_VERDICT };
    case "done":
      // TP-FCS 0xC5 (3GPP TS 23.040 9.2.3.22): the service centre holds the first copy already.
      return { segment: submitted(facts, reason), sim: WELL };
    case "unknown":
      return { segment: unknown(facts, reason), sim: NO_VERDICT };
    case "park-sim":
      // The message is not to blame: at once by another SIM, or by this one once it is released.
      return {
        segment: again(facts, reason, "sim_refused", undefined),
        sim: { kind: "park", reason },
      };
    case "slow-down":
      return {
        segment: again(facts, reason, "network_busy", backoffMs(facts, error)),
        sim: { kind: "slow" },
      };
    case "other-sim":
      return { segment: elsewhere(facts, reason, backoffMs(facts, error)), sim: NO_VERDICT };
    case "retry":
    case "reset-modem": {
      const retries = retriesOn(facts.sim, facts.past) + 1;
      const segment =
        retries > RETRIES_PER_SIM_MAX
          ? elsewhere(facts, reason, undefined)
          : again(facts, reason, undefined, backoffMs(facts, error));
      return { segment, sim: NO_VERDICT };
    }
  }
}

/** SIMs that must not be tried again for this message, though they may be well. */
export function exhaustedSims(past: readonly PastAttempt[]): readonly number[] {
  const sims = [...new Set(past.map(({ sim }) => sim))];
  return sims.filter(
    (sim) =>
      past.some((attempt) => attempt.sim === sim && attempt.action === "other-sim") ||
      retriesOn(sim, past) > RETRIES_PER_SIM_MAX,
  );
}

function submitted(facts: SettleFacts, note: string | undefined): Settlement {
  return {
    to: "submitted",
    ...(facts.report ? { reportDueAt: reportDueAt(facts.now, facts.validitySeconds) } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

/** When a report that has not come is called overdue. */
export function reportDueAt(submittedAt: number, validitySeconds: number | undefined): number {
  const validityMs = validitySeconds === undefined ? DEFAULT_VALIDITY_MS : validitySeconds * 1_000;
  return submittedAt + validityMs + REPORT_GRACE_MS;
}

function notSent(facts: SettleFacts, reason: string): Settlement {
  const before = facts.past.filter(
    (one) => one.segment === facts.segment && one.outcome === "not-sent",
  ).length;
  if (before + 1 >= NOT_SENT_MAX) return { to: "failed", reason, code: "retries_exhausted" };
  const waitMs = Math.min(NOT_SENT_BACKOFF_MS_FIRST * 2 ** Math.min(before, 20), NOT_SENT_BACKOFF_MS_MAX);
  return queuedUnlessTooLate(facts, reason, undefined, waitMs);
}

function unknown(facts: SettleFacts, reason: string): Settlement {
  return { to: "unknown", reason, code: "outcome_unknown", resend: mayResend(facts, 1) };
}

/** Whether the caller's policy makes a second copy now. `more`: unknown attempts that are not in `past` yet. */
export function mayResend(facts: SettleFacts, more: 0 | 1): boolean {
  const unknowns = facts.past.filter((one) => one.segment === facts.segment && one.outcome === "unknown");
  const late = facts.notAfter !== undefined && facts.now >= facts.notAfter;
  return facts.onUnknown === "resend" && unknowns.length + more <= RESENDS_MAX && !late;
}

/** Another SIM takes it at once; where there is none, this one again after `waitMs`, or never. */
function elsewhere(facts: SettleFacts, reason: string, waitMs: number | undefined): Settlement {
  if (facts.others) return again(facts, reason, "sim_refused", undefined);
  const refusals = facts.past.filter((one) => one.sim === facts.sim && one.outcome === "refused").length + 1;
  if (waitMs === undefined || refusals > RETRIES_PER_SIM_MAX)
    return { to: "failed", reason, code: "retries_exhausted" };
  return again(facts, reason, "sim_refused", waitMs);
}

function again(
  facts: SettleFacts,
  reason: string,
  code: DeliveryCode | undefined,
  waitMs: number | undefined,
): Settlement {
  const refusals = refusalsOf(facts) + 1;
  if (refusals >= REFUSALS_MAX) return { to: "failed", reason, code: code ?? "retries_exhausted" };
  return queuedUnlessTooLate(facts, reason, code, waitMs);
}

function queuedUnlessTooLate(
  facts: SettleFacts,
  reason: string,
  code: DeliveryCode | undefined,
  waitMs: number | undefined,
): Settlement {
  const notBefore = waitMs === undefined ? undefined : facts.now + waitMs;
  if (facts.notAfter !== undefined && (notBefore ?? facts.now) >= facts.notAfter)
    return { to: "expired", reason, code: "not_after_passed" };
  return {
    to: "queued",
    reason,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(code === undefined ? {} : { code }),
  };
}

function backoffMs(facts: SettleFacts, error: ModemError): number {
  const doubled = BACKOFF_MS_FIRST * 2 ** Math.min(refusalsOf(facts), 20);
  return Math.max(error.retryAfterMs ?? 0, Math.min(doubled, BACKOFF_MS_MAX));
}

function refusalsOf(facts: SettleFacts): number {
  return facts.past.filter((one) => one.segment === facts.segment && one.outcome === "refused").length;
}

function retriesOn(sim: number, past: readonly PastAttempt[]): number {
  return past.filter((one) => one.sim === sim && (one.action === "retry" || one.action === "reset-modem"))
    .length;
}

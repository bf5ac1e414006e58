/**
 * One look at one case, inside one transaction: read the facts, decide, and write what follows. Nothing
 * here speaks to the gateway; the answer says what must be said to it once the transaction is on disk.
 */
import type { Decision, Effect, PlannedMessage } from "#scheduler/decide/types.ts";
import { moveCase } from "#scheduler/ledger/due.ts";
import type { CaseFacts, Gate } from "#scheduler/ledger/facts.ts";
import type { NewOccurrence } from "#scheduler/ledger/occurrences.ts";
import type { RowId } from "#scheduler/ledger/types.ts";
import type { Zones } from "#shared/local-date.ts";
import type { Database } from "#shared/sqlite.ts";
import { fitsWindow, makeBody, saysTheSame } from "./body.ts";
import type { Brain } from "./brain.ts";
import { type DecisionLog, rulesOf } from "./decision-log.ts";
import type { GatewayTime } from "./gateway-time.ts";
import { occurrenceKey } from "./occurrence-key.ts";
import type { Occurrences, Pending } from "./occurrences.ts";
import { judgeUnderWay, messageOf, nextActionOf, type UnderWay, without } from "./plan.ts";
import { noteSkipped } from "./skipped.ts";
import type { Tasks } from "./tasks.ts";

export interface CaseStepDeps {
  readonly db: Database;
  readonly brain: Brain;
  readonly occurrences: Occurrences;
  readonly decisions: DecisionLog;
  readonly tasks: Tasks;
  readonly zones: Zones;
  readonly time: GatewayTime;
  readonly tenant: string;
  /** Price of a segment in millionths of the currency unit of the settings. */
  readonly segmentPriceMicro: number;
  readonly submitWithinMs: number;
  /** What stands in the way of every case at that instant. */
  readonly gates: (at: number) => readonly Gate[];
  /** The SIM this debtor knows us by, when it can send now. */
  readonly simFor: (debtorId: RowId) => string | undefined;
  /** Carries out what concerns the ledger. */
  readonly onEffect: (effect: Extract<Effect, { kind: "promise-broken" }>, now: number) => void;
}

export interface StepResult {
  /** Reserved on disk once this transaction is: to be posted. `fresh` ones never were. */
  readonly post?: { readonly id: RowId; readonly fresh: boolean };
  /** Reserved, and perhaps known to the gateway. */
  readonly ask: readonly RowId[];
  readonly recall: boolean;
  /** Reserved just now: what is posted again has its room already. */
  readonly segments: number;
  /** The case stays due, because the fleet is busy enough. */
  readonly outOfBudget: boolean;
}

/** An answer of the gateway is waited for; then, or after this, the case is looked at again. */
export const ANSWER_WAIT_MS = 60_000;

/** The rule by which a case waits for a fresher payments feed; its arrival moves these cases. */
const FEED_RULE = "house.stale-feed";

export const NO_RESULT: StepResult = { ask: [], recall: false, segments: 0, outOfBudget: false };

export type CaseStep = (caseId: RowId, now: number, budget: number) => StepResult;

export function createCaseStep(deps: CaseStepDeps): CaseStep {
  return (caseId, now, budget) => {
    const read = deps.brain.facts(caseId, now);
    if (read === undefined) return NO_RESULT;
    const facts: CaseFacts = { ...read, gates: [...(read.gates ?? []), ...deps.gates(now)] };
    const underWay = deps.occurrences.unsettledOf(caseId).filter(canBeTakenBack);
    const bare = without(facts, underWay);
    const decision = deps.brain.decide(bare, now);
    const found = judgeAll(deps, bare, decision, underWay, now);
    for (const { pending, rule } of found.drop) drop(deps, pending, rule, now);
    for (const { pending, rule } of found.recall) deps.occurrences.wantRecall(pending.id, rule);
    if (found.ask.length > 0 || found.recall.length > 0) {
      note(deps, facts, decision, now, now + ANSWER_WAIT_MS);
      return { ...NO_RESULT, ask: found.ask, recall: found.recall.length > 0 };
    }
    if (found.repeat !== undefined) {
      note(deps, facts, decision, now, Math.max(found.repeat.retryAt, now + 1));
      return now < found.repeat.retryAt
        ? NO_RESULT
        : { ...NO_RESULT, post: { id: found.repeat.id, fresh: false } };
    }
    const present = without(facts, [...found.drop.map(({ pending }) => pending), ...found.replace]);
    const full = found.kept ? deps.brain.decide(present, now) : decision;
    if (full.kind === "send") return reserve(deps, present, full, full.message, now, budget);
    note(deps, facts, full, now, nextActionOf(full, now));
    return NO_RESULT;
  };
}

/** What answers a person hangs on no decision, so no fact of the case takes it back. */
function canBeTakenBack(pending: Pending): boolean {
  return pending.anchorKind !== "reply" && (pending.state === "reserved" || pending.state === "handed-over");
}

interface Judged {
  readonly drop: { readonly pending: Pending; readonly rule: string }[];
  readonly recall: { readonly pending: Pending; readonly rule: string }[];
  readonly ask: RowId[];
  readonly replace: Pending[];
  /** Reserved and still right: it is posted again as it stands. */
  repeat?: Pending;
  kept: boolean;
}

function judgeAll(
  deps: CaseStepDeps,
  facts: CaseFacts,
  decision: Decision,
  underWay: readonly Pending[],
  now: number,
): Judged {
  const judged: Judged = { drop: [], recall: [], ask: [], replace: [], kept: false };
  if (underWay.length === 0) return judged;
  const planned = messageOf(decision);
  const key = planned && occurrenceKey(deps.tenant, facts, planned);
  const composed = planned && deps.brain.compose(facts, planned);
  for (const pending of underWay) {
    if (pending.recallRule !== undefined) {
      judged.recall.push({ pending, rule: pending.recallRule });
      continue;
    }
    const sameBody =
      planned !== undefined &&
      composed?.kind === "text" &&
      saysTheSame(pending.body, planned.number, composed.text);
    const verdict = judgeUnderWay(asUnderWay(pending), decision, key, sameBody, now);
    switch (verdict.kind) {
      case "keep":
        if (pending.state === "reserved") judged.repeat = pending;
        else judged.kept = true;
        break;
      case "replace":
        judged.replace.push(pending);
        break;
      case "ask":
        judged.ask.push(pending.id);
        break;
      case "drop":
      case "recall":
        judged[verdict.kind].push({ pending, rule: verdict.rule });
    }
  }
  return judged;
}

function asUnderWay(pending: Pending): UnderWay {
  return {
    id: pending.id,
    key: pending.key,
    state: pending.state === "reserved" ? "reserved" : "handed-over",
    attempts: pending.attempts,
    notAfter: pending.notAfter,
  };
}

function drop(deps: CaseStepDeps, pending: Pending, rule: string, now: number): void {
  deps.occurrences.move(pending.key, { to: "cancelled", at: now, reason: rule }, now);
}

function reserve(
  deps: CaseStepDeps,
  facts: CaseFacts,
  decision: Decision,
  planned: PlannedMessage,
  now: number,
  budget: number,
): StepResult {
  if (!fitsWindow(planned.notAfter, now)) {
    note(deps, facts, decision, now, planned.notAfter, "house.window-too-short");
    return NO_RESULT;
  }
  const composed = deps.brain.compose(facts, planned);
  if (composed.kind === "blocked") {
    deps.tasks.open({ ...subjectOf(facts, "case-stuck"), detail: composed.detail }, now);
    note(deps, facts, decision, now, planned.notAfter, composed.rule);
    return NO_RESULT;
  }
  if (composed.segments > budget) return { ...NO_RESULT, outOfBudget: true };
  const key = occurrenceKey(deps.tenant, facts, planned);
  const known = deps.occurrences.stateOfKey(key);
  if (known !== undefined && !["planned", "approved", "reserved"].includes(known.state)) {
    // The key is used up: whatever the decision says, this step was made before.
    deps.tasks.open({ ...subjectOf(facts, "case-stuck"), detail: "A step was decided a second time." }, now);
    note(deps, facts, decision, now, planned.notAfter, "house.exactly-once");
    return NO_RESULT;
  }
  const reserved = asReserved(planned, key, now);
  const id = known?.id ?? deps.occurrences.insert(facts, reserved, now);
  noteSkipped(deps, facts, planned.policyVersion, planned.supersedes, now);
  if (known !== undefined) deps.occurrences.reserveAgain(reserved, now);
  const sim = deps.simFor(facts.debtor.id);
  const body = makeBody(
    {
      key,
      to: planned.number,
      text: composed.text,
      class: planned.class,
      notBefore: planned.notBefore,
      windowEnd: planned.notAfter,
      submitWithinMs: deps.submitWithinMs,
      ...(sim === undefined ? {} : { sim }),
    },
    now,
    deps.time,
  );
  const costMicro = composed.segments * deps.segmentPriceMicro;
  const { template, segments } = composed;
  const approved = known?.state === "approved" || wasApproved(deps, id) ? 1 : 0;
  // One attempt is counted before it is made: after a crash nobody knows whether it was.
  const out = { body: body.json, template, segments, costMicro, notAfter: body.notAfter, approved } as const;
  deps.occurrences.putOutgoing(id, out, 1, now + ANSWER_WAIT_MS, { rule: decision.rule, at: now });
  note(deps, facts, decision, now, now + ANSWER_WAIT_MS);
  return { ...NO_RESULT, post: { id, fresh: true }, segments };
}

function wasApproved(deps: CaseStepDeps, id: RowId): boolean {
  return deps.occurrences.pendingById(id)?.approved === 1;
}

function asReserved(planned: PlannedMessage, key: string, now: number): NewOccurrence {
  return {
    key,
    policyVersion: planned.policyVersion,
    stepId: planned.stepId,
    stage: planned.stage,
    anchor: planned.anchor,
    sequence: planned.sequence,
    class: planned.class,
    channel: planned.channel,
    contactPointId: planned.contactPointId,
    number: planned.number,
    covers: planned.covers,
    state: "reserved",
    // From now on it counts against the caps of everybody at this number.
    plannedFor: Math.max(now, planned.notBefore),
  };
}

/** Writes the decision down, moves the case's place in the index, and its stage. */
function note(
  deps: CaseStepDeps,
  facts: CaseFacts,
  decision: Decision,
  now: number,
  nextAt: number | undefined,
  houseRule?: string,
): void {
  moveCase(deps.db, facts.case.id, {
    stage: decision.stage,
    waitsForFeed: decision.rule === FEED_RULE,
    ...(nextAt === undefined ? {} : { nextActionAt: nextAt }),
  });
  const rules = rulesOf(decision);
  if (houseRule !== undefined) rules.push({ rule: houseRule, outcome: "blocked" });
  const isNew = deps.decisions.note({
    caseId: facts.case.id,
    at: now,
    day: deps.zones.dateAt(now, facts.zones[0] ?? facts.creditor.timeZone),
    kind: houseRule === undefined ? decision.kind : "wait",
    rules,
    detail: decision.because,
    ...(nextAt === undefined ? {} : { nextAt }),
  });
  for (const effect of decision.effects) {
    if (effect.kind === "steps-skipped") noteSkipped(deps, facts, effect.policyVersion, effect.steps, now);
    else if (effect.kind !== "task") deps.onEffect(effect, now);
    // A decision that only repeats itself does not open again what a person has closed.
    else if (isNew) deps.tasks.open({ ...subjectOf(facts, effect.task), detail: effect.detail }, now);
  }
}

function subjectOf<K extends string>(facts: CaseFacts, kind: K) {
  return { kind, subject: facts.case.code, caseId: facts.case.id, debtorId: facts.debtor.id };
}

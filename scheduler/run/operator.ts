/** What only a person may allow: a catch-up after downtime, a message that the policy wants approved. */
import { touchCase } from "#scheduler/ledger/cases.ts";
import { countDue } from "#scheduler/ledger/due.ts";
import type { CaseFacts, Gate } from "#scheduler/ledger/facts.ts";
import { startReindex } from "#scheduler/ledger/reindex.ts";
import type { Actor, RowId } from "#scheduler/ledger/types.ts";
import type { Clock } from "#shared/clock.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Brain } from "./brain.ts";
import { type CatchUpSettings, catchUpGate, judgeCatchUp } from "./catch-up.ts";
import type { Marks } from "./marks.ts";
import { occurrenceKey } from "./occurrence-key.ts";
import type { Occurrences } from "./occurrences.ts";
import type { Tasks } from "./tasks.ts";

export interface OperatorDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly marks: Marks;
  readonly tasks: Tasks;
  readonly brain: Brain;
  readonly occurrences: Occurrences;
  readonly tenant: string;
  readonly catchUp: CatchUpSettings;
}

export type ApprovalResult =
  | { readonly kind: "approved"; readonly stepId: string }
  | { readonly kind: "nothing-to-approve"; readonly detail: string }
  | { readonly kind: "not-found" };

export interface Operator {
  /** To be called once at the start, before the first tick. */
  judgeDowntime(aliveAt: number | undefined): Promise<void>;
  /** What stands in the way of every case at that instant: a decision made before a gate knew nothing of it. */
  gates(at: number): readonly Gate[];
  /** False when nothing waited for it. */
  approveCatchUp(by: Actor): Promise<boolean>;
  /** Approves the message that the case's decision holds for approval, as it stands now. */
  approveMessage(caseId: RowId, by: Actor): Promise<ApprovalResult>;
}

const CATCH_UP_TASK = "catch-up";
/** The rule that holds a message until somebody approves it. */
export const APPROVAL_RULE = /(^|\.)approval$/;

export function createOperator(deps: OperatorDeps): Operator {
  const { db, clock, marks } = deps;
  let gate = readGate(marks);
  /** While one stands, the disk says whether it still does: it may be approved from another process. */
  const standing = (): Standing | undefined => {
    if (gate !== undefined && marks.get("catch-up.since") === undefined) gate = undefined;
    return gate;
  };
  return {
    async judgeDowntime(aliveAt) {
      const now = clock.now();
      const dueCases = countDue(db, now, Number.MAX_SAFE_INTEGER);
      const openCases = db
        .sql("select count(*) from dunning_case where settled_at is null")
        .pluck()
        .get() as number;
      const facts = { now, dueCases, openCases, ...(aliveAt === undefined ? {} : { aliveAt }) };
      const verdict = judgeCatchUp(facts, deps.catchUp);
      if (verdict.kind === "go-on") return;
      const detail = `${capital(verdict.detail)}. Look at the forecast of today, then approve or change the policies.`;
      await db.write(() => {
        marks.set("catch-up.since", `${now} ${verdict.detail}`);
        deps.tasks.open({ kind: "approve-catch-up", subject: CATCH_UP_TASK, detail }, now);
      });
      gate = { since: now, gate: catchUpGate(verdict.detail) };
    },
    gates(at) {
      const now = standing();
      return now === undefined || at < now.since ? [] : [now.gate];
    },
    async approveCatchUp(by) {
      if (standing() === undefined) return false;
      const now = clock.now();
      await db.write(() => {
        marks.clear("catch-up.since");
        marks.set("catch-up.approved", `${now} ${by}`);
        deps.tasks.closeSubject("approve-catch-up", CATCH_UP_TASK, `approved by ${by}`, now);
        const creditors = db.sql("select id from creditor").pluck().all() as RowId[];
        for (const creditor of creditors) startReindex(db, creditor, "all", now);
      });
      gate = undefined;
      return true;
    },
    approveMessage: (caseId, by) => db.write(() => approve(deps, caseId, by, clock.now())),
  };
}

interface Standing {
  readonly since: number;
  readonly gate: Gate;
}

/** One that stood before a restart. */
function readGate(marks: Marks): Standing | undefined {
  const [, since, detail] = /^(\d+) ([\s\S]*)$/.exec(marks.get("catch-up.since") ?? "") ?? [];
  if (since === undefined || detail === undefined) return undefined;
  return { since: Number(since), gate: catchUpGate(detail) };
}

function approve(deps: OperatorDeps, caseId: RowId, by: Actor, now: number): ApprovalResult {
  const facts: CaseFacts | undefined = deps.brain.facts(caseId, now);
  if (facts === undefined) return { kind: "not-found" };
  const decision = deps.brain.decide(facts, now);
  if (decision.kind !== "hold" || decision.message === undefined || !APPROVAL_RULE.test(decision.rule))
    return { kind: "nothing-to-approve", detail: decision.because };
  const { message } = decision;
  const key = occurrenceKey(deps.tenant, facts, message);
  const known = deps.occurrences.stateOfKey(key);
  if (known === undefined)
    deps.occurrences.insert(
      facts,
      {
        key,
        policyVersion: message.policyVersion,
        stepId: message.stepId,
        stage: message.stage,
        anchor: message.anchor,
        sequence: message.sequence,
        class: message.class,
        channel: message.channel,
        contactPointId: message.contactPointId,
        number: message.number,
        covers: message.covers,
        state: "approved",
        reason: `approved by ${by}`,
        plannedFor: Math.max(now, message.notBefore),
      },
      now,
    );
  else if (known.state === "planned") deps.occurrences.move(key, { to: "approved", at: now }, now);
  deps.tasks.closeSubject("approve-message", facts.case.code, `approved by ${by}`, now);
  touchCase(deps.db, caseId, now);
  return { kind: "approved", stepId: message.stepId };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/**
 * Takes what debtors write: kept on the case, acted on where a word is clear, given to a person where it
 * is not. One transaction for each reply, under the gateway's id, so that a second copy changes nothing.
 */

import type { Evidence } from "#scheduler/evidence/store.ts";
import { touchCase } from "#scheduler/ledger/cases.ts";
import {
  ALL_CREDITORS,
  changeContactPoint,
  contactPointsByNumber,
  recordOptOut,
  withdrawOptOut,
} from "#scheduler/ledger/contact-points.ts";
import type { Change } from "#scheduler/ledger/inputs.ts";
import { makeBody } from "#scheduler/run/body.ts";
import type { Checkpoint } from "#scheduler/run/brain.ts";
import type { GatewayTime } from "#scheduler/run/gateway-time.ts";
import { occurrenceKey } from "#scheduler/run/occurrence-key.ts";
import type { Occurrences } from "#scheduler/run/occurrences.ts";
import type { Tasks } from "#scheduler/run/tasks.ts";
import type { Clock } from "#shared/clock.ts";
import type { InboundMessage } from "#shared/gateway-api/inbound.ts";
import { parsePhoneNumber } from "#shared/phone-number.ts";
import { segmentText } from "#shared/sms-text.ts";
import type { Database } from "#shared/sqlite.ts";
import { type AnswerKind, answerText } from "./answers.ts";
import { fold, type Reading, readReply } from "./intent.ts";
import { GUARD_WINDOW_MS, judgeReply, type ReplyVerdict } from "./judge.ts";
import { caseByNumber, type RepliedCase } from "./replied-case.ts";

export interface InboxDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly occurrences: Occurrences;
  readonly evidence: Evidence;
  readonly tasks: Tasks;
  readonly time: GatewayTime;
  readonly tenant: string;
  readonly segmentPriceMicro: number;
  /** What a STOP ends: every creditor's texts to the number, or this creditor's. */
  readonly optOutScope: "all" | "creditor";
  readonly homeCountry?: string;
  readonly checkpoint: Checkpoint;
}

/** An answer later than this would surprise. */
const ANSWER_WITHIN_MS = 60 * 60_000;
const TEXT_KEPT_MAX = 2_000;

export interface Inbox {
  /** True when it was new. */
  receive(message: InboundMessage): Promise<boolean>;
}

export function createInbox(deps: InboxDeps): Inbox {
  const { db, clock } = deps;
  return {
    async receive(message) {
      deps.checkpoint("before-reply");
      const isNew = await db.write(() => {
        if (db.sql("select 1 from reply where id = ?").get(message.id) !== undefined) return false;
        take(deps, message, clock.now());
        return true;
      });
      deps.checkpoint("after-reply-stored");
      return isNew;
    },
  };
}

function take(deps: InboxDeps, message: InboundMessage, now: number): void {
  const { db } = deps;
  const number = e164(message.from, deps.homeCountry);
  const text = (message.text ?? "").slice(0, TEXT_KEPT_MAX);
  const points = contactPointsByNumber(db, number);
  const replied = caseByNumber(db, number);
  const reading = readReply(text, languagesOf(db, number));
  const out = db.sql("select 1 from opt_out where number = ? limit 1").get(number) !== undefined;
  const verdict = judgeReply({
    reading,
    known: replied !== undefined,
    alreadyOut: out,
    ...recentOf(db, number, text, now - GUARD_WINDOW_MS),
  });
  const answeredBy = answer(deps, verdict, replied, number, message.id, now);
  db.sql(
    `insert into reply (id, at, number, text, sim, intent, sure, debtor_id, case_id, answered_by)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    message.id,
    now,
    number,
    text,
    message.sim,
    reading.intent,
    reading.sure ? 1 : 0,
    replied?.debtorId ?? null,
    replied?.caseId ?? null,
    answeredBy ?? null,
  );
  if (replied !== undefined) witnessReply(deps, message, { number, text, reading, verdict, replied }, now);
  const change: Change = { actor: "scheduler", at: now, source: "reply", asOf: now };
  for (const point of points) revive(db, point, verdict, change);
  applyOpt(deps, verdict, reading, number, replied, change);
  // A language without a text, or a creditor without a contact: nobody has answered yet.
  const silent = verdict.answer === "help" && answeredBy === undefined;
  const told: ReplyVerdict = silent ? { ...verdict, task: "read-reply" } : verdict;
  openTask(deps, told, reading, message.id, replied, now);
  if (replied !== undefined) touchCase(db, replied.caseId, now);
}

/** Everything that a case's debtor wrote, and what follows from it for the number. */
function witnessReply(
  deps: InboxDeps,
  message: InboundMessage,
  heard: {
    readonly number: string;
    readonly text: string;
    readonly reading: Reading;
    readonly verdict: ReplyVerdict;
    readonly replied: RepliedCase;
  },
  now: number,
): void {
  const { number, text, reading, verdict } = heard;
  const caseCode = heard.replied.code;
  const said = { from: number, text, reply: message.id, receivedAt: message.receivedAt, sim: message.sim };
  deps.evidence.witness({ kind: "reply.received", caseCode, details: said }, now);
  if (verdict.opt === undefined) return;
  const kind = verdict.opt === "out" ? "opt-out.taken" : "opt-out.withdrawn";
  const word = reading.word ?? reading.intent;
  const scope = verdict.opt === "out" ? deps.optOutScope : "all";
  deps.evidence.witness({ kind, caseCode, details: { from: number, word, scope, reply: message.id } }, now);
}

function e164(from: string, homeCountry: string | undefined): string {
  const parsed = parsePhoneNumber(from, { homeCountry });
  return parsed.ok && "e164" in parsed ? parsed.e164 : from;
}

function languagesOf(db: Database, number: string): string[] {
  return db
    .sql(
      `select distinct language from debtor join contact_point on contact_point.debtor_id = debtor.id
       where contact_point.number = ? limit 20`,
    )
    .pluck()
    .all(number) as string[];
}

function recentOf(db: Database, number: string, text: string, since: number) {
  const rows = db
    .sql("select text, intent, answered_by as answeredBy from reply where number = ? and at > ? limit 100")
    .all(number, since) as { text: string; intent: string; answeredBy: string | null }[];
  const folded = fold(text);
  return {
    recent: rows.length,
    sameText: rows.filter((row) => fold(row.text) === folded).length,
    helped: rows.filter((row) => row.intent === "help" && row.answeredBy !== null).length,
  };
}

/** A text from the number proves that it lives (field/dunning, invariant 22). */
function revive(
  db: Database,
  point: ReturnType<typeof contactPointsByNumber>[number],
  verdict: ReplyVerdict,
  change: Change,
): void {
  const base = { permanentFailures: 0, lastInboundAt: change.at, score: 100, reason: "it sent a text" };
  if (verdict.detach) {
    if (point.state !== "wrong-party")
      changeContactPoint(
        db,
        point.id,
        { ...base, state: "wrong-party", reason: "reply: wrong person" },
        change,
      );
    return;
  }
  const revived = ["new", "suspect", "retired"].includes(point.state) && verdict.opt !== "out";
  changeContactPoint(db, point.id, { ...base, ...(revived ? { state: "valid" as const } : {}) }, change);
}

function applyOpt(
  deps: InboxDeps,
  verdict: ReplyVerdict,
  reading: Reading,
  number: string,
  replied: RepliedCase | undefined,
  change: Change,
): void {
  if (verdict.opt === undefined) return;
  const reason = `reply: ${reading.word ?? reading.intent}`;
  const creditor = replied?.creditorId ?? ALL_CREDITORS;
  if (verdict.opt === "out") {
    const scope = deps.optOutScope === "all" ? ALL_CREDITORS : creditor;
    recordOptOut(deps.db, number, scope, reason, change);
    return;
  }
  for (const scope of new Set([ALL_CREDITORS, creditor]))
    withdrawOptOut(deps.db, number, scope, reason, change);
}

function openTask(
  deps: InboxDeps,
  verdict: ReplyVerdict,
  reading: Reading,
  replyId: string,
  replied: RepliedCase | undefined,
  now: number,
): void {
  if (verdict.task === undefined) return;
  const subject = verdict.loop ? `loop of ${replied?.code ?? "an unknown number"}` : `reply ${replyId}`;
  const detail = verdict.loop
    ? "The same number keeps writing; it may be a machine. Nothing is answered automatically any more."
    : detailOf(verdict, reading);
  const about = replied === undefined ? {} : { caseId: replied.caseId, debtorId: replied.debtorId };
  deps.tasks.open({ kind: verdict.task, subject, detail, ...about }, now);
}

function detailOf(verdict: ReplyVerdict, reading: Reading): string {
  if (verdict.task === "wrong-party")
    return "Somebody else has this number. It is not used any more; find the debtor's own.";
  return reading.intent === "stop"
    ? `Taken as a STOP because of "${reading.word}", but more was said. Read the reply.`
    : "Read the reply and answer it.";
}

/** The key of the occurrence that carries the answer, when there is one. */
function answer(
  deps: InboxDeps,
  verdict: ReplyVerdict,
  replied: RepliedCase | undefined,
  number: string,
  replyId: string,
  now: number,
): string | undefined {
  if (verdict.answer === undefined || replied === undefined) return undefined;
  const text = answerText(verdict.answer, replied.language, replied.parts);
  if (text === undefined) return undefined;
  const kind: AnswerKind = verdict.answer;
  const anchor = { kind: "reply" as const, id: replyId, sequence: 0 };
  const key = occurrenceKey(deps.tenant, replied.owner, { stepId: kind, anchor, sequence: 0 });
  const occurrence = {
    key,
    policyVersion: "house",
    stepId: kind,
    stage: replied.stage,
    anchor,
    sequence: 0,
    class: kind === "help" ? ("service" as const) : ("confirmation" as const),
    channel: "sms" as const,
    number,
    covers: [],
    state: "reserved" as const,
    plannedFor: now,
  };
  const owner = { case: { id: replied.caseId, debtorId: replied.debtorId, creditorId: replied.creditorId } };
  const id = deps.occurrences.insert(owner, occurrence, now);
  const windowEnd = now + ANSWER_WITHIN_MS;
  const body = makeBody(
    {
      key,
      to: number,
      text,
      class: occurrence.class,
      notBefore: now,
      windowEnd,
      submitWithinMs: ANSWER_WITHIN_MS,
      transliterate: true,
    },
    now,
    deps.time,
  );
  const segments = segmentText(text, { transliterate: true }).segments.length;
  const costMicro = segments * deps.segmentPriceMicro;
  const out = {
    body: body.json,
    template: `house/${kind}`,
    segments,
    costMicro,
    notAfter: body.notAfter,
    approved: 0,
  } as const;
  deps.occurrences.putOutgoing(id, out, 1, now, { rule: `house.answer-${kind}`, at: now });
  return key;
}

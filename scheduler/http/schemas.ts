/** The contract of the scheduler's own routes: what may be asked, and what is answered. */
import { z } from "zod";
import { parseLocalDate } from "#shared/local-date.ts";

export { Id, IdParams, label, PageQuery, pageOf, Timestamp } from "#shared/gateway-api/common.ts";

import { Id, label, PageQuery, pageOf, Timestamp } from "#shared/gateway-api/common.ts";

export const SCOPES = [
  "ledger:read",
  "ledger:write",
  "run:read",
  "run:write",
  "rules:read",
  "rules:write",
  "rules:approve",
  "metrics:read",
  "admin",
] as const;
export const Scope = z.enum(SCOPES).meta({ id: "SchedulerScope" });

export const Day = z
  .string()
  .refine((text) => parseLocalDate(text) !== undefined, "Write a day as YYYY-MM-DD.")
  .meta({ description: "YYYY-MM-DD", examples: ["2026-03-01"] });

/** The code that stands in texts, such as 4T7K-93QX. */
export const CodeParams = z.strictObject({
  code: z.string().regex(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/, "A case code looks like 4T7K-93QX."),
});

export const Rule = z.object({ rule: z.string(), outcome: z.string(), detail: z.string().optional() });

export const Decision = z
  .object({
    at: Timestamp,
    day: Day.meta({ description: "The debtor's day" }),
    kind: z.string().meta({ description: "send, wait, hold or stop" }),
    detail: z.string(),
    rules: z.array(Rule),
    nextAt: Timestamp.optional().meta({ description: "When the case is looked at again" }),
  })
  .meta({ id: "Decision", description: "Holds until the next one of the case" });

export const Decisions = z
  .object({ case: z.string(), decisions: z.array(Decision).meta({ description: "Oldest first" }) })
  .meta({ id: "Decisions" });

export const CaseMessage = z
  .object({
    key: z
      .string()
      .meta({ description: "Its idempotency key at the gateway, where it is the reference too" }),
    step: z.string(),
    class: z.string(),
    state: z.string(),
    reason: z.string().optional(),
    policy: z.string(),
    template: z.string().optional(),
    text: z.string().optional(),
    segments: z.int().optional(),
    plannedFor: Timestamp,
    acceptedAt: Timestamp.optional().meta({ description: "The gateway had it on disk" }),
    submittedAt: Timestamp.optional().meta({ description: "The network took it" }),
    deliveredAt: Timestamp.optional().meta({ description: "The phone had it" }),
    gatewayId: z.string().optional(),
  })
  .meta({ id: "CaseMessage" });

export const CaseMessages = z.object({ items: z.array(CaseMessage) }).meta({ id: "CaseMessages" });

export const NextMessage = z
  .object({
    case: z.string(),
    kind: z.string().meta({ description: "send, wait, hold or stop" }),
    rule: z.string(),
    detail: z.string(),
    needsApproval: z.boolean().meta({ description: "It leaves only after `POST /v1/cases/{code}/approve`" }),
    message: z
      .object({
        step: z.string(),
        class: z.string(),
        amount: z.string(),
        currency: z.string(),
        notBefore: Timestamp,
        text: z.string().optional().meta({ description: "As it would leave; absent when it cannot be made" }),
        segments: z.int().optional(),
        template: z.string().optional(),
        blocked: z.string().optional().meta({ description: "Why the text cannot be made" }),
      })
      .optional()
      .meta({ description: "Absent: nothing is ready to be said" }),
  })
  .meta({ id: "NextMessage" });

export const Approval = z.object({ case: z.string(), step: z.string() }).meta({ id: "Approval" });

export const Task = z
  .object({
    id: z.string(),
    kind: z.string(),
    subject: z.string(),
    case: z.string().optional(),
    detail: z.string(),
    openedAt: Timestamp,
    repeats: z.int().meta({ description: "How often its cause came back while it was open" }),
    closedAt: Timestamp.optional(),
    closedBy: z.string().optional(),
    outcome: z.string().optional(),
  })
  .meta({ id: "Task" });

export const TaskPage = pageOf(Task).meta({ id: "TaskPage" });

export const TaskQuery = z.strictObject({
  state: z.enum(["open", "closed", "all"]).default("open"),
  kind: label(40).optional(),
  case: CodeParams.shape.code.optional(),
  ...PageQuery,
});

export const CloseTask = z.strictObject({ outcome: label(500) }).meta({ id: "CloseTask" });

export const Reply = z
  .object({
    id: z.string(),
    at: Timestamp,
    case: z.string().optional(),
    text: z.string(),
    intent: z.string().meta({ description: "stop, start, help, wrong-party or other" }),
    sure: z.boolean().meta({ description: "false: a person should read it" }),
    answered: z.boolean(),
  })
  .meta({ id: "Reply" });

export const ReplyPage = pageOf(Reply).meta({ id: "ReplyPage" });

export const ReplyQuery = z.strictObject({ case: CodeParams.shape.code.optional(), ...PageQuery });

export const Status = z
  .object({
    now: Timestamp,
    clock: z.string(),
    gates: z.array(z.object({ rule: z.string(), detail: z.string() })),
    dueCases: z.int(),
    openCases: z.int(),
    underWay: z.object({ messages: z.int(), segments: z.int() }),
    fleet: z.object({ segments: z.int(), queued: z.int(), free: z.int(), sims: z.int() }),
    lastTickAt: Timestamp.optional(),
    lastScan: z
      .object({ at: Timestamp, cases: z.int(), differences: z.int() })
      .optional()
      .meta({ description: "The nightly full scan; differences must be 0" }),
  })
  .meta({ id: "Status" });

export const Working = z
  .object({ done: z.int(), total: z.int() })
  .meta({ id: "Working", description: "Cases so far, of all; ask again" });

export const ScanResult = z
  .object({
    startedAt: Timestamp,
    endedAt: Timestamp,
    cases: z.int(),
    differences: z.int(),
    samples: z.array(
      z.object({ case: z.string(), stored: Timestamp.optional(), computed: Timestamp.optional() }),
    ),
  })
  .meta({ id: "ScanResult" });

export const Done = z.object({ done: z.boolean() }).meta({ id: "Done" });

export const NewKey = z
  .strictObject({
    name: label(100),
    scopes: z.array(Scope).min(1).max(SCOPES.length),
    expiresAt: Timestamp.optional(),
  })
  .meta({ id: "NewSchedulerKey" });

export const ReportQuery = z.strictObject({
  from: Day.optional().meta({ description: "First day (UTC); 30 days ago when absent" }),
  until: Day.optional().meta({ description: "Last day (UTC); today when absent" }),
  format: z.enum(["json", "csv"]).default("json"),
});

export const Report = z
  .object({
    name: z.string(),
    columns: z.array(z.string()),
    rows: z.array(z.record(z.string(), z.union([z.string(), z.number()]))),
  })
  .meta({ id: "Report" });

export const TaskIdParams = z.strictObject({ id: Id });

/**
 * A policy as people write it (TOML or JSON). Step ids are for ever: what was sent is remembered by them,
 * so an edited policy never sends a step twice. Offsets are signed days from the due date.
 */
import { z } from "zod";
import { MoneyError, parseDecimal } from "#shared/money.ts";
import { HoursTable } from "./hours.ts";
import { LANGUAGE_TAG, POLICY_NAME, TEXT_KEY } from "./names.ts";

const Name = z.string().regex(POLICY_NAME, 'must be lower-case words joined by "-"');
const TemplateKey = z.string().regex(TEXT_KEY, 'must look like "utility.early"');
const Amount = z.string().regex(/^\d{1,12}(\.\d{1,4})?$/, 'must be an amount in quotes, such as "5.00"');

/** A debt older than ten years is no business of a text message. */
const OFFSET_DAYS_MAX = 3_650;
const STEPS_MAX = 24;
/** A ladder is finite: after so many insistences a person decides. */
const REPEATS_MAX = 6;

/** In the order in which they may be spoken; `second` and `insistence` are the stage "late". */
export const STEP_KINDS = ["preventive", "due-day", "early", "second", "insistence", "final"] as const;
export type StepKind = (typeof STEP_KINDS)[number];

const DayKind = z.enum(["calendar", "business"]);

const Step = z.strictObject({
  id: Name,
  kind: z.enum(STEP_KINDS),
  /** Before the due date below zero, on it 0, after it above. */
  offset: z.number().int().min(-OFFSET_DAYS_MAX).max(OFFSET_DAYS_MAX),
  days: DayKind.default("calendar"),
  /** Where a day without contact hours moves the step; by default back before the due date, forward after it. */
  roll: z.enum(["back", "forward"]).optional(),
  channel: z.literal("sms").default("sms"),
  template: TemplateKey,
  /** A person looks at each message first. */
  approval: z.boolean().default(false),
  /** A formal notice is never left out: when it is late it moves, and its dates with it. */
  formal: z.boolean().default(false),
  /** It tells nothing of the debt: whose number it is turns out first. Only for the first step of a ladder. */
  firstContact: z.literal(true).optional(),
  /** Days after its own day on which the step still makes sense. Not for formal notices. */
  notAfter: z.number().int().min(0).max(365).optional(),
  /** Days that the debtor gets to pay, counted from the day the text leaves. */
  payWithin: z.number().int().min(1).max(90).default(7),
  /** Only for `insistence`. */
  repeat: z
    .strictObject({
      every: z.number().int().min(2).max(90),
      times: z.number().int().min(1).max(REPEATS_MAX),
    })
    .optional(),
});

const PromisePolicy = z.strictObject({
  /** Days after the promised date before it counts as broken. */
  grace: z.number().int().min(0).max(30).default(1),
  dayBefore: TemplateKey.optional(),
  morning: TemplateKey.optional(),
  /** `resume`, or the id of the step with which the ladder goes on. */
  afterBroken: z.string().default("resume"),
});

export const PolicyDocument = z
  .strictObject({
    format: z.literal(1),
    name: Name,
    title: z.string().min(1).max(100),
    description: z.string().max(500).optional(),
    /** Who answers for it and when it is looked at again. */
    owner: z.string().max(100).optional(),
    reviewEvery: z.strictObject({ months: z.number().int().min(1).max(60) }).optional(),
    /** Languages that every step must have a text in. */
    languages: z.array(z.string().regex(LANGUAGE_TAG, 'must be a language such as "de" or "pt-BR"')).min(1),
    /** Nothing is asked for at or below this, by currency. A currency that is not named: nothing at or below 0. */
    minimum: z.record(z.string(), Amount).default({}),
    /** Value dating: no arrears text before this many days after the due date have passed. */
    grace: z.strictObject({ days: z.number().int().min(0).max(60), kind: DayKind }).default({
      days: 1,
      kind: "business",
    }),
    /** Days from one debt text to the next, whatever the steps say. */
    minimumInterval: z.number().int().min(1).max(31).default(3),
    /** Days during which a louder text is not followed by a softer one about the same debt. */
    coolDown: z.number().int().min(0).max(180).default(14),
    /** Days after the last step before the case goes to a person. */
    handoverAfter: z.number().int().min(0).max(180).default(10),
    /** Narrower than the law, never wider. */
    hours: HoursTable.optional(),
    holidays: z.enum(["closed", "open"]).default("closed"),
    caps: z
      .array(
        z.strictObject({ count: z.number().int().min(1).max(50), days: z.number().int().min(1).max(31) }),
      )
      .max(4)
      .default([]),
    oldDebt: z
      .strictObject({
        /** Where a debt enters that was old when Dunlin first heard of it. */
        entry: z.enum(["first", "by-age", "by-age-capped"]).default("first"),
        cap: z.enum(STEP_KINDS).default("second"),
        /** Older than this many days past due: a person decides. */
        maxAge: z.number().int().min(1).max(OFFSET_DAYS_MAX).optional(),
      })
      .default({ entry: "first", cap: "second" }),
    /** A text that would take more segments does not leave. */
    maxSegments: z.number().int().min(1).max(6).default(3),
    /** Hours after which the payment data is too old for an arrears text. */
    paymentFeedMaxAge: z.number().int().min(1).max(720).default(30),
    /** What to do where no law is on file: hold the case, or keep the hours of the house. */
    unknownLaw: z.enum(["hold", "house"]).default("hold"),
    promise: PromisePolicy.default({ grace: 1, afterBroken: "resume" }),
    thanks: z
      .strictObject({
        template: TemplateKey,
        /** `reminded`: only who got a debt text in this episode is thanked. */
        when: z.enum(["reminded", "always"]).default("reminded"),
        notAfter: z.number().int().min(0).max(30).default(3),
      })
      .optional(),
    steps: z.array(Step).min(1).max(STEPS_MAX),
  })
  .superRefine((policy, context) => {
    for (const [currency, text] of Object.entries(policy.minimum)) {
      const wrong = amountProblem(text, currency);
      if (wrong !== undefined)
        context.addIssue({ code: "custom", path: ["minimum", currency], message: wrong });
    }
    for (const { path, rule, remedy } of ladderProblems(policy))
      context.addIssue({ code: "custom", path, message: rule, params: { remedy } });
  });
export type PolicyDocument = z.output<typeof PolicyDocument>;
export type PolicyStep = z.output<typeof Step>;

/** What is wrong with a decimal amount, in one sentence. */
export function amountProblem(text: string, currency: string): string | undefined {
  try {
    parseDecimal(text, currency);
    return undefined;
  } catch (error) {
    if (error instanceof MoneyError) return error.message;
    throw error;
  }
}

interface LadderProblem {
  readonly path: (string | number)[];
  readonly rule: string;
  readonly remedy: string;
}

interface Ladder {
  readonly steps: readonly PolicyStep[];
  readonly promise: { readonly afterBroken: string };
}

/** What no single field can say: signs, order, uniqueness. */
function* ladderProblems({ steps, promise }: Ladder): Generator<LadderProblem> {
  const seen = new Set<string>();
  for (const [i, step] of steps.entries()) {
    const at = (field: string): (string | number)[] => ["steps", i, field];
    if (seen.has(step.id))
      yield {
        path: at("id"),
        rule: `is used twice ("${step.id}")`,
        remedy: "Give each step an id of its own.",
      };
    seen.add(step.id);
    yield* stepProblems(step, at);
    if (step.firstContact === true) yield* firstContactProblems(step, i, at);
    const before = steps[i - 1];
    if (before === undefined) continue;
    if (STEP_KINDS.indexOf(step.kind) < STEP_KINDS.indexOf(before.kind))
      yield {
        path: at("kind"),
        rule: `is softer ("${step.kind}") than the step before it ("${before.kind}")`,
        remedy: `Order the steps: ${STEP_KINDS.join(", ")}.`,
      };
    else if (lastOffset(before) >= step.offset)
      yield {
        path: at("offset"),
        rule: `is day ${step.offset}, not after day ${lastOffset(before)} of "${before.id}"`,
        remedy: "Give the steps in the order of their days, with their repeats.",
      };
  }
  if (promise.afterBroken !== "resume" && !seen.has(promise.afterBroken))
    yield {
      path: ["promise", "afterBroken"],
      rule: `names no step ("${promise.afterBroken}")`,
      remedy: `Use "resume" or one of: ${[...seen].join(", ")}.`,
    };
}

function* stepProblems(
  step: PolicyStep,
  at: (field: string) => (string | number)[],
): Generator<LadderProblem> {
  if (step.kind === "preventive" && step.offset >= 0)
    yield {
      path: at("offset"),
      rule: `is ${step.offset}, but a preventive step lies before the due date`,
      remedy: `Write ${step.offset === 0 ? "-3" : -step.offset}, or make it a "due-day" or "early" step.`,
    };
  if (step.kind === "due-day" && step.offset !== 0)
    yield {
      path: at("offset"),
      rule: `is ${step.offset}, but a due-day step is on the due date`,
      remedy: "Write 0.",
    };
  if (isArrears(step.kind) && step.offset <= 0)
    yield {
      path: at("offset"),
      rule: `is ${step.offset}, but a step of the kind "${step.kind}" lies after the due date`,
      remedy: `Write ${step.offset === 0 ? "3" : -step.offset}, or make it a "preventive" step.`,
    };
  if (step.formal && !isArrears(step.kind))
    yield { path: at("formal"), rule: "is only for steps after the due date", remedy: "Take it out." };
  if (step.formal && step.notAfter !== undefined)
    yield {
      path: at("notAfter"),
      rule: "is set on a formal notice, which is never left out",
      remedy: 'Take "notAfter" out, or make the step not formal.',
    };
  if (step.repeat !== undefined && step.kind !== "insistence")
    yield { path: at("repeat"), rule: 'is only for the kind "insistence"', remedy: "Take it out." };
  if (step.roll === "back" && isArrears(step.kind))
    yield {
      path: at("roll"),
      rule: "would send an arrears text earlier than planned",
      remedy: 'Use "forward".',
    };
  if (step.roll === "forward" && step.kind === "due-day")
    yield {
      path: at("roll"),
      rule: "would send the due-day text after the due date",
      remedy: 'Use "back".',
    };
}

/** A stranger may read it, so nothing may be said before it, and it may not be left out. */
function* firstContactProblems(
  step: PolicyStep,
  index: number,
  at: (field: string) => (string | number)[],
): Generator<LadderProblem> {
  if (index > 0)
    yield {
      path: at("firstContact"),
      rule: "is only for the first step",
      remedy: "Make it the first one, or take it out.",
    };
  if (step.kind !== "early" || !step.formal)
    yield {
      path: at("firstContact"),
      rule: 'is only for a formal step of the kind "early", which is never left out',
      remedy: 'Write kind = "early" and formal = true.',
    };
}

function lastOffset(step: PolicyStep): number {
  return step.offset + (step.repeat ? (step.repeat.times - 1) * step.repeat.every : 0);
}

export function isArrears(kind: StepKind): boolean {
  return kind !== "preventive" && kind !== "due-day";
}

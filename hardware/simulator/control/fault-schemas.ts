/** The shape of faults as JSON: what a file of them holds and what the control address takes. */
import { z } from "zod";
import { FAULT_POINTS } from "#hardware/simulator/faults/points.ts";
import { SAMPLE_NAMES, type SampleName } from "#hardware/simulator/network/samples.ts";

export const ms = z.number().int().min(0).max(86_400_000);
export const octet = z.number().int().min(0).max(255);
export const cmsCode = z.number().int().min(0).max(999);
export const partOrder = z.enum(["in-order", "reversed", "missing", "duplicated"]);

const count = z.number().int().min(1).max(1_000_000);
const at = z.number().int().min(0).max(65_535);
const pattern = z.string().min(1).max(200);
const line = z.string().max(1_000);
const storage = z.enum(["SM", "ME", "SR"]);

export const operatorRules = z.strictObject({
  perMinute: z.number().min(0).max(1_000_000).optional(),
  burst: count.optional(),
  perDay: count.optional(),
  recipientsPerDay: count.optional(),
  over: z.union([z.array(cmsCode).min(1).max(20), z.literal("drop")]).optional(),
  banAfter: count.optional(),
  liftAfterMs: ms.optional(),
  filter: pattern.optional(),
  noCredit: z.boolean().optional(),
});

const openRefusal = z.enum(["busy", "denied", "failed"]);

const span = { ms, toMs: ms.optional() };

const life = [
  z.strictObject({ kind: z.literal("mute"), ms: ms.optional() }),
  z.strictObject({
    kind: z.literal("hang"),
    cure: z.enum(["escape", "reopen", "other-port", "radio-cycle", "restart", "power-cycle"]),
    unsolicited: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal("reset"),
    silent: z.boolean().optional(),
    keepSettings: z.boolean().optional(),
    reference: z.union([z.enum(["keep", "reset"]), octet]).optional(),
    deafMs: ms.optional(),
  }),
  z.strictObject({
    kind: z.literal("unplug"),
    replugAfterMs: ms.optional(),
    rename: z.boolean().optional(),
    deafMs: ms.optional(),
    cdRomMs: ms.optional(),
  }),
  z.strictObject({ kind: z.literal("brown-out"), times: count, everyMs: ms }),
  z.strictObject({ kind: z.literal("cd-rom"), forMs: ms.optional() }),
  z.strictObject({ kind: z.literal("mode-switch") }),
] as const;

const world = [
  z.strictObject({
    kind: z.literal("registration"),
    stat: z.number().int().min(0).max(10),
    domains: z
      .array(z.enum(["CREG", "CGREG", "CEREG"]))
      .min(1)
      .optional(),
    forMs: ms.optional(),
  }),
  z.strictObject({
    kind: z.literal("signal"),
    signal: z.union([z.number().int().min(0).max(31), z.literal(99)]),
    forMs: ms.optional(),
  }),
  z.strictObject({
    kind: z.literal("noise"),
    everyMs: ms,
    lines: z.array(line).min(1).max(100).optional(),
    forMs: ms.optional(),
  }),
  z.strictObject({ kind: z.literal("say"), line }),
  z.strictObject({
    kind: z.literal("time-zone"),
    quarters: z.number().int().min(-48).max(56),
    daylightHours: z.union([z.literal(0), z.literal(1), z.literal(2)]).optional(),
  }),
  z.strictObject({ kind: z.literal("echo-on") }),
  z.strictObject({ kind: z.literal("sim-out"), forMs: ms.optional(), silent: z.boolean().optional() }),
  z.strictObject({ kind: z.literal("sim-swap"), silent: z.boolean().optional() }),
  z.strictObject({ kind: z.literal("sim-busy"), forMs: ms }),
  z.strictObject({ kind: z.literal("sim-failure"), forMs: ms.optional() }),
  z.strictObject({
    kind: z.literal("sim-lock"),
    lock: z.enum(["pin", "puk", "blocked"]),
    pin: z
      .string()
      .regex(/^\d{4,8}$/)
      .optional(),
  }),
  z.strictObject({ kind: z.literal("fill-storage"), storage, leave: z.number().int().min(0).optional() }),
  z.strictObject({ kind: z.literal("corrupt-slot"), storage }),
  z.strictObject({ kind: z.literal("report-storage"), storage }),
  z.strictObject({ kind: z.literal("block-port"), reason: openRefusal.nullable(), forMs: ms.optional() }),
  z.strictObject({
    kind: z.literal("fixed-dialling"),
    numbers: z
      .array(z.string().regex(/^\+?[0-9*#]{1,20}$/))
      .max(100)
      .nullable(),
  }),
  z.strictObject({
    kind: z.literal("incoming"),
    from: z.string().min(1).max(21),
    text: z.string().max(40_000),
    count: z.number().int().min(1).max(10_000).optional(),
    everyMs: ms.optional(),
    order: partOrder.optional(),
    class: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).optional(),
  }),
  z.strictObject({
    kind: z.literal("incoming-sample"),
    sample: z.enum(SAMPLE_NAMES as [SampleName, ...SampleName[]]),
  }),
  z.strictObject({ kind: z.literal("operator"), rules: operatorRules }),
] as const;

const garble = [
  z.strictObject({ kind: z.literal("truncate"), length: at }),
  z.strictObject({ kind: z.literal("line-ends"), form: z.enum(["none", "lf", "cr", "double", "extra"]) }),
  z.strictObject({ kind: z.literal("insert"), what: z.enum(["nul", "garbage", "diag"]), at: at.optional() }),
  z.strictObject({ kind: z.literal("replace"), pattern, by: line }),
  z.strictObject({ kind: z.literal("split"), at, ms }),
  z.strictObject({ kind: z.literal("merge"), ms }),
  z.strictObject({ kind: z.enum(["drop-line", "duplicate-line"]) }),
] as const;

const dialogue = [
  z.strictObject({ kind: z.enum(["drop-final", "drop-info", "drop-answer", "drop-prompt"]) }),
  z.strictObject({ kind: z.enum(["drop-ctrl-z", "line-feed"]) }),
  z.strictObject({ kind: z.literal("delay-answer"), ...span, perLineMs: ms.optional() }),
  z.strictObject({ kind: z.enum(["late-final", "delay-prompt"]), ...span }),
  z.strictObject({ kind: z.literal("eat"), octets: at }),
  z.strictObject({ kind: z.literal("drop-octet"), index: at }),
  z.strictObject({
    kind: z.literal("refuse"),
    cms: z.union([cmsCode, z.array(cmsCode).min(1).max(20)]).optional(),
    cme: cmsCode.optional(),
  }),
  z.strictObject({ kind: z.literal("network-timeout"), ms }),
  z.strictObject({ kind: z.literal("accept-but-error"), cms: cmsCode.optional() }),
  z.strictObject({ kind: z.literal("refuse-open"), reason: openRefusal }),
] as const;

const report = [
  z.strictObject({ kind: z.enum(["lose-report", "early-report", "reorder-report"]) }),
  z.strictObject({ kind: z.literal("delay-report"), ...span }),
  z.strictObject({
    kind: z.literal("duplicate-report"),
    copies: z.number().int().min(1).max(100).optional(),
  }),
  z.strictObject({ kind: z.literal("intermediate-report"), status: octet.optional(), ms: ms.optional() }),
  z.strictObject({ kind: z.literal("report-status"), status: octet }),
  z.strictObject({ kind: z.literal("wrong-reference"), by: octet }),
  z.strictObject({
    kind: z.literal("recipient-form"),
    form: z.enum(["international", "national", "short"]),
  }),
] as const;

const action = z.discriminatedUnion("kind", [...life, ...world, ...garble, ...dialogue, ...report]);

/** What can happen at a moment, without any dialogue. */
export const strikeBody = z.discriminatedUnion("kind", [...life, ...world]);

export const faultBody = z.strictObject({
  at: z.enum(FAULT_POINTS),
  action,
  /** For people who read the file. */
  note: z.string().max(1_000).optional(),
  modem: z.string().optional(),
  command: z.string().optional(),
  recipient: z.string().max(200).optional(),
  content: pattern.optional(),
  line: pattern.optional(),
  idleMs: ms.optional(),
  nth: count.optional(),
  every: count.optional(),
  probability: z.number().min(0).max(1).optional(),
  rate: z.strictObject({ count: z.number().int().min(0), withinMs: ms }).optional(),
  fromMs: ms.optional(),
  untilMs: ms.optional(),
  atMs: ms.optional(),
  everyMs: ms.min(1).optional(),
  times: count.optional(),
});

/** A file of faults: a list, in the order of precedence. */
export const faultList = z.array(faultBody).max(1_000);

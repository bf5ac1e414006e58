import { z } from "zod";
import { label, PageQuery, pageOf, Timestamp } from "./common.ts";

/** 255 segments of 153 septets, the most that concatenation can number (3GPP TS 23.040 9.2.3.24.1). */
export const TEXT_CHARS_MAX = 255 * 153;
export const BATCH_MESSAGES_MAX = 1_000;
const METADATA_ENTRIES_MAX = 20;
/** TP-VP reaches from 5 minutes to 63 weeks (3GPP TS 23.040 9.2.3.12.1). */
const VALIDITY_SECONDS_MIN = 300;
const VALIDITY_SECONDS_MAX = 63 * 7 * 24 * 3_600;
const PRIORITY_DEFAULT = 5;

export const MESSAGE_STATES = [
  "queued",
  "submitting",
  "submitted",
  "delivered",
  "undelivered",
  "failed",
  "expired",
  "cancelled",
  "unknown",
] as const;

export const MessageState = z.enum(MESSAGE_STATES).meta({
  id: "MessageState",
  description:
    "queued → submitting → submitted → delivered | undelivered; or failed, expired, cancelled. " +
    "`unknown`: it was handed to a modem, and nothing has told yet whether it was sent; evidence that comes " +
    "later, a report, or `POST /v1/messages/ID/resolve` settles it.",
});

/** ITU-T E.118: 18 to 22 characters; some SIMs pad with F. */
export const Iccid = z
  .string()
  .regex(/^[0-9]{17,21}[0-9A-Fa-f]$/, "An ICCID has 18 to 22 digits.")
  .meta({ description: "ICCID of a SIM", examples: ["8949000000000000001"] });

export const Metadata = z
  .record(z.string().min(1).max(64), z.string().max(512))
  .refine(
    (record) => Object.keys(record).length <= METADATA_ENTRIES_MAX,
    `Metadata has at most ${METADATA_ENTRIES_MAX} entries.`,
  )
  .meta({ description: "Your own facts, given back in answers and webhooks" });

export const SendMessage = z
  .strictObject({
    to: z
      .string()
      .min(2)
      .max(40)
      .meta({
        description: "E.164, or as dialled in the home country of the settings",
        examples: ["+491701234567"],
      }),
    text: z
      .string()
      .min(1)
      .max(TEXT_CHARS_MAX)
      .refine((text) => text.isWellFormed(), "The text has half of a surrogate pair; send whole characters.")
      .meta({ examples: ["Invoice 1047 is due on Friday."] }),
    notBefore: Timestamp.optional().meta({ description: "Not handed to a modem before this" }),
    notAfter: Timestamp.optional().meta({
      description: "Not handed to a modem after this; then it is `expired`",
    }),
    validitySeconds: z.int().min(VALIDITY_SECONDS_MIN).max(VALIDITY_SECONDS_MAX).optional().meta({
      description: "How long the service centre keeps trying, from the submit on (TP-VP)",
    }),
    priority: z.int().min(0).max(9).default(PRIORITY_DEFAULT).meta({ description: "0 (bulk) to 9 (urgent)" }),
    class: z
      .literal([0, 1, 2, 3])
      .optional()
      .meta({ description: "TP-DCS message class; 0 is shown at once (“flash”)" }),
    sim: Iccid.optional().meta({ description: "ICCID of the SIM that must send it" }),
    reference: label(128).optional().meta({ description: "Your own reference; a list can be asked for it" }),
    metadata: Metadata.optional(),
    report: z.boolean().default(true).meta({ description: "Ask the network for a delivery report" }),
    transliterate: z.boolean().default(false).meta({
      description:
        "Replace characters outside the GSM 7-bit alphabet where a near one exists; the answer lists them",
    }),
    onUnknown: z
      .enum(["hold", "resend"])
      .default("hold")
      .meta({
        description:
          "When nothing tells whether it was sent: hold (never twice; it stays `unknown` until evidence or a person " +
          "decides) or resend (never lost)",
      }),
    evidence: z
      .enum(["stored"])
      .optional()
      .meta({
        description:
          "`stored`: the PDU is put on the modem first (AT+CMGW) and sent from there (AT+CMSS), so that its status " +
          "tells what became of it even after a crash. Costs about a second and a write to the modem's memory. A " +
          "modem that cannot store it sends it without",
      }),
    dryRun: z.boolean().default(false).meta({ description: "Check and count only; nothing is stored" }),
  })
  .meta({ id: "SendMessage" });
export type SendMessage = z.input<typeof SendMessage>;
export type ParsedSendMessage = z.output<typeof SendMessage>;

export const SendBatch = z
  .strictObject({ messages: z.array(SendMessage).min(1).max(BATCH_MESSAGES_MAX) })
  .meta({ id: "SendBatch", description: "All of them are accepted, or none" });

export const Evidence = z
  .object({
    kind: z
      .enum([
        "late-answer",
        "sim-reference",
        "next-reference",
        "report",
        "stored-entry",
        "resolved",
        "policy",
      ])
      .meta({
        description:
          "late-answer: the modem's answer after all; sim-reference: the last reference on the SIM (EF_SMSS); " +
          "next-reference: that of the SIM's next message; report: a delivery report; stored-entry: the status of " +
          "the stored PDU; resolved: a person's decision; policy: `onUnknown: resend`",
      }),
    at: Timestamp,
    saw: z.string().meta({ description: "What was seen, in one sentence" }),
    verdict: z.enum(["sent", "not-sent", "nothing"]).meta({ description: "`nothing`: it does not tell" }),
    decidedBy: z.string().optional().meta({ description: "Id of the key of the person who decided" }),
  })
  .meta({ id: "Evidence" });

export const Attempt = z
  .object({
    try: z.int().meta({ description: "From 1" }),
    sim: z.string().meta({ description: "ICCID" }),
    modem: z.string(),
    startedAt: Timestamp,
    endedAt: Timestamp.optional(),
    outcome: z.enum(["accepted", "refused", "not-sent", "unknown"]).optional().meta({
      description: "As it is known now; absent while the modem has it",
    }),
    messageReference: z.int().optional(),
    detail: z.string().optional(),
    evidence: z.array(Evidence),
  })
  .meta({ id: "Attempt", description: "One time that a segment was handed to a modem" });

export const Segment = z
  .object({
    number: z.int().meta({ description: "From 1" }),
    state: MessageState,
    sim: z.string().optional(),
    modem: z.string().optional(),
    messageReference: z.int().optional().meta({ description: "TP-MR as the modem gave it" }),
    attempts: z.int(),
    submittedAt: Timestamp.optional(),
    deliveredAt: Timestamp.optional(),
    reason: z.string().optional().meta({ description: "Why it is in this state, in one sentence" }),
    code: z.string().optional().meta({ description: "Of the reason; explained at /problems/CODE" }),
    history: z.array(Attempt).optional().meta({
      description: "Every attempt, oldest first; where one message is read by itself",
    }),
  })
  .meta({ id: "Segment" });
export type Segment = z.output<typeof Segment>;

export const Replacement = z.object({ from: z.string(), to: z.string(), index: z.int() }).meta({
  id: "Replacement",
  description: "A character that transliteration changed, at its place in the text",
});

export const Message = z
  .object({
    id: z.string(),
    state: MessageState,
    to: z.string(),
    text: z.string(),
    alphabet: z.enum(["gsm7", "ucs2"]),
    segmentCount: z.int(),
    priority: z.int(),
    class: z.literal([0, 1, 2, 3]).optional(),
    sim: z.string().optional(),
    reference: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    report: z.boolean(),
    transliterate: z.boolean(),
    onUnknown: z.enum(["hold", "resend"]),
    evidence: z.enum(["stored"]).optional(),
    notBefore: Timestamp.optional(),
    notAfter: Timestamp.optional(),
    validitySeconds: z.int().optional(),
    acceptedAt: Timestamp,
    submittedAt: Timestamp.optional().meta({ description: "When the network took the last segment" }),
    deliveredAt: Timestamp.optional().meta({ description: "When the last segment reached the phone" }),
    segments: z.array(Segment),
  })
  .meta({ id: "Message" });
export type Message = z.output<typeof Message>;

const RESOLUTIONS = ["sent", "not-sent", "failed"] as const;

export const ResolveMessage = z
  .strictObject({
    outcome: z.enum(RESOLUTIONS).meta({
      description:
        "sent: it counts as submitted, and a report may still come. not-sent: it goes out again, and arrives " +
        "twice when that is wrong. failed: it is given up, with the parts that still wait",
    }),
    segment: z
      .int()
      .min(1)
      .max(255)
      .optional()
      .meta({ description: "Absent: every segment that is unknown" }),
    try: z
      .int()
      .min(1)
      .optional()
      .meta({
        description:
          "Of the segment's history: decides only while this is its last attempt, so that a repeated " +
          "request never decides about a later one",
      }),
  })
  .refine((wanted) => wanted.try === undefined || wanted.segment !== undefined, {
    path: ["segment"],
    error: "Name the segment whose try is meant.",
  })
  .meta({ id: "ResolveMessage" });

export const MessageBatch = z.object({ messages: z.array(Message) }).meta({ id: "MessageBatch" });
export const MessagePage = pageOf(Message).meta({ id: "MessagePage" });

export const MessageQuery = z.strictObject({
  state: MessageState.optional(),
  to: z.string().min(2).max(40).optional(),
  reference: label(128).optional(),
  acceptedFrom: Timestamp.optional(),
  acceptedUntil: Timestamp.optional(),
  ...PageQuery,
});

export const PreviewRequest = z
  .strictObject({
    text: SendMessage.shape.text,
    to: SendMessage.shape.to.optional().meta({ description: "Checked too when given" }),
    transliterate: SendMessage.shape.transliterate,
  })
  .meta({ id: "PreviewRequest" });

export const Preview = z
  .object({
    to: z.string().optional().meta({ description: "As it would be stored" }),
    text: z.string().meta({ description: "As it would be sent" }),
    alphabet: z.enum(["gsm7", "ucs2"]),
    units: z.int().meta({ description: "Septets (gsm7) or UTF-16 code units (ucs2) in all" }),
    unitsPerSegment: z.int(),
    segments: z.array(z.object({ text: z.string(), units: z.int() })),
    forcingUcs2: z
      .array(z.object({ character: z.string(), codePoint: z.int(), index: z.int() }))
      .meta({ description: "The characters for which the whole text leaves the GSM 7-bit alphabet" }),
    replacements: z.array(Replacement),
  })
  .meta({ id: "Preview" });
export type Preview = z.output<typeof Preview>;

export const DryRun = Preview.extend({ to: z.string(), dryRun: z.literal(true) }).meta({ id: "DryRun" });
export type DryRun = z.output<typeof DryRun>;
export const DryRunBatch = z
  .object({ dryRun: z.literal(true), messages: z.array(DryRun) })
  .meta({ id: "DryRunBatch" });

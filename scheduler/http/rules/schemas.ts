/** The contract of the routes for policies and texts. */
import { z } from "zod";
import { Day, label, pageOf, Timestamp } from "#scheduler/http/schemas.ts";
import { LANGUAGE_TAG, POLICY_NAME, TEXT_KEY } from "#scheduler/policy/names.ts";
import { type TextPurpose, VARIABLES_FOR } from "#scheduler/policy/templates/variables.ts";
import { PAGE_LIMIT_MAX } from "#shared/gateway-api/common.ts";

const KEY_CHARS_MAX = 120;
const TEXT_CHARS_MAX = 2_000;
const VERSION_MAX = 1_000_000;
const PURPOSES = Object.keys(VARIABLES_FOR) as [TextPurpose, ...TextPurpose[]];

const Key = z
  .string()
  .max(KEY_CHARS_MAX)
  .regex(TEXT_KEY, "A text is named like utility.early.")
  .meta({ examples: ["utility.early"] });
const Language = z
  .string()
  .regex(LANGUAGE_TAG, "A language is written like de or pt-BR.")
  .meta({ description: "BCP 47", examples: ["de", "pt-BR"] });
const Version = z.int().min(1).max(VERSION_MAX);
const State = z.enum(["draft", "approved", "retired"]);

export const TextParams = z.strictObject({ key: Key, language: Language });

export const TextQuery = z.strictObject({
  key: Key.optional(),
  language: Language.optional(),
  state: State.optional().meta({ description: "State of the newest version; draft: waits for approval" }),
  after: label(KEY_CHARS_MAX + 20)
    .optional()
    .meta({ description: "`nextCursor` of the page before" }),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(200),
});

const Finding = z.object({
  severity: z.enum(["error", "warning"]),
  rule: z.string(),
  detail: z.string(),
  remedy: z.string(),
});

export const Lint = z
  .object({
    ok: z.boolean().meta({ description: "No error: the text may be approved" }),
    findings: z.array(Finding),
    worst: z
      .object({
        of: z.string().meta({ description: 'Whose values they are: "sample", or a creditor\'s' }),
        text: z.string(),
        segments: z.int(),
        alphabet: z.enum(["gsm7", "ucs2"]),
      })
      .optional()
      .meta({ description: "The row that takes the most segments, as it would leave" }),
    forcingUcs2: z
      .array(z.object({ character: z.string(), from: z.enum(["text", "value"]) }))
      .meta({ description: "Characters that no 7-bit alphabet has" }),
  })
  .meta({ id: "TextLint" });

export const TextVersion = z
  .object({
    key: Key,
    language: Language,
    version: Version,
    state: State,
    text: z.string(),
    asksReason: z.boolean(),
    transliterate: z.boolean(),
    lint: Lint,
    createdAt: Timestamp,
    createdBy: z.string(),
    approvedAt: Timestamp.optional(),
    approvedBy: z.string().optional(),
  })
  .meta({ id: "TextVersion", description: "Messages name it as KEY@VERSION/LANGUAGE" });

export const TextHead = z
  .object({
    key: Key,
    language: Language,
    holds: Version.optional().meta({ description: "Version that leaves; absent: the language is blocked" }),
    newest: z.object({ version: Version, state: State, text: z.string(), segments: z.int().optional() }),
    usedBy: z.array(z.string()).meta({ description: "Policies that name it" }),
  })
  .meta({ id: "Text" });

export const TextPage = pageOf(TextHead).meta({ id: "TextPage" });

export const TextVersions = z
  .object({ items: z.array(TextVersion).meta({ description: "Newest first" }) })
  .meta({ id: "TextVersions" });

export const PutText = z
  .strictObject({
    text: z
      .string()
      .min(1)
      .max(TEXT_CHARS_MAX)
      .meta({
        description: "Liquid without loops; an unknown variable is refused with the list of those there are",
        examples: ["{{ creditor }}: {{ open_amount }} …"],
      }),
    asksReason: z.boolean().default(false).meta({
      description: "It asks why the debt is unpaid: refused where the law forbids the question",
    }),
    transliterate: z.boolean().default(true).meta({
      description: "Letters that no 7-bit alphabet has give way to their nearest",
    }),
    purpose: z
      .enum(PURPOSES)
      .optional()
      .meta({ description: "What it is for; needed only while no policy names it" }),
  })
  .meta({ id: "PutText" });

/** Named, so that what is approved is what was read. */
export const TextVersionChoice = z.strictObject({ version: Version }).meta({ id: "TextVersionChoice" });

const Name = z
  .string()
  .max(KEY_CHARS_MAX)
  .regex(POLICY_NAME, "A policy is named like bank-card.")
  .meta({ examples: ["utility"] });
const Scope = label(KEY_CHARS_MAX);

export const PolicyParams = z.strictObject({ name: Name });

export const PolicyQuery = z.strictObject({
  version: z.coerce
    .number()
    .int()
    .min(1)
    .max(VERSION_MAX)
    .optional()
    .meta({ description: "The newest when absent" }),
});

export const Assignment = z
  .object({
    creditor: Scope.meta({ description: "External id; * is every creditor" }),
    segment: Scope.meta({ description: "* is every segment" }),
    policy: Name,
    since: Day.meta({ description: "Debts due before it enter by the policy's rule for old debt" }),
  })
  .meta({ id: "PolicyAssignment" });

export const PutAssignment = z
  .strictObject({
    creditor: Scope.default("*"),
    segment: Scope.default("*"),
    policy: Name,
    since: Day.optional(),
  })
  .meta({ id: "PutPolicyAssignment" });

export const AssignmentQuery = z.strictObject({ creditor: Scope, segment: Scope });

export const AssignmentList = z
  .object({ items: z.array(Assignment) })
  .meta({ id: "PolicyAssignments", description: "The most exact one holds for a case" });

export const PolicyHead = z
  .object({
    name: Name,
    version: Version,
    title: z.string(),
    languages: z.array(z.string()),
    steps: z.array(z.string()).meta({ description: "Ids, in their order" }),
    createdAt: Timestamp,
    createdBy: z.string(),
    assigned: z.array(Assignment),
  })
  .meta({ id: "PolicyHead" });

export const PolicyList = z.object({ items: z.array(PolicyHead) }).meta({ id: "PolicyList" });

const Trouble = z.object({ field: z.string(), rule: z.string(), remedy: z.string() });
const Document = z.record(z.string(), z.unknown());

export const Policy = z
  .object({
    name: Name,
    version: Version,
    createdAt: Timestamp,
    createdBy: z.string(),
    document: Document.meta({ description: "As in a file of policies/, as JSON" }),
    changes: z
      .array(z.string())
      .optional()
      .meta({ description: "Against the version before, when it was just put" }),
    problems: z.array(Trouble).meta({ description: "To be mended before it can be assigned" }),
  })
  .meta({ id: "Policy" });

export const PutPolicy = Document.meta({
  id: "PutPolicy",
  description:
    "A policy as in a file of policies/, as JSON. A step's id is for ever: what was said is remembered by it",
});

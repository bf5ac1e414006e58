/** The settings of the scheduler: what there is, what is allowed, what happens when nothing is set. */
import { z } from "zod";
import { httpSettings } from "#shared/config/http.ts";
import { type LoadedSettings, loadSettings } from "#shared/config.ts";
import { LOG_LEVELS } from "#shared/logger.ts";
import { isCurrency } from "#shared/money.ts";
import { isCountry } from "#shared/phone-number.ts";

export const ENVIRONMENT_PREFIX = "DUNLIN_SCHEDULER";
/** Variables with our prefix that are no settings. */
const FOREIGN_VARIABLES = ["DUNLIN_SCHEDULER_CONFIG", "DUNLIN_SCHEDULER_URL", "DUNLIN_SCHEDULER_KEY"];

const HttpAddress = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
}, "Give an http or https address, such as http://127.0.0.1:8025.");

const Gateway = z.strictObject({
  url: HttpAddress.default("http://127.0.0.1:8025").meta({ description: "address of the gateway" }),
  key: z.string().min(1).optional().meta({
    description:
      "key of the gateway with messages:write, messages:read, inbound:read, events:read, fleet:read, webhooks:write",
    secret: true,
  }),
  webhookUrl: HttpAddress.optional().meta({
    description: "address at which the gateway reaches this scheduler; its own when absent",
  }),
  segmentsPerMinute: z
    .number()
    .min(0.001)
    .max(1_000)
    .default(10)
    .meta({ description: "segments one SIM sends a minute, for planning" }),
});

const Replies = z.strictObject({
  optOutScope: z
    .enum(["all", "creditor"])
    .default("all")
    .meta({ description: "whose texts a STOP ends: those of every creditor, or of the one it answers" }),
  permanentFailuresMax: z
    .int()
    .min(1)
    .max(20)
    .default(3)
    .meta({ description: "permanent failures in a row after which a number is not used any more" }),
});

const Cost = z.strictObject({
  segment: z
    .string()
    .regex(/^\d{1,4}(\.\d{1,6})?$/, "Give a price such as 0.05.")
    .default("0")
    .meta({ description: "price of one segment" }),
  currency: z
    .string()
    .refine(isCurrency, "Give an ISO 4217 code such as EUR.")
    .default("EUR")
    .meta({ description: "currency of the price" }),
});

const CatchUp = z.strictObject({
  downtimeDays: z
    .number()
    .min(0)
    .max(365)
    .default(3)
    .meta({ description: "away for longer than this, an operator approves before reminders go on" }),
  dueShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .meta({ description: "a larger share of the open cases due at once after downtime needs approval" }),
});

export const SchedulerSettings = z.strictObject({
  dataDir: z.string().min(1).default("var").meta({ description: "folder of the database" }),
  tenant: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, "Give a short name of small letters, digits and -.")
    .default("default")
    .meta({ description: "part of every idempotency key; never change it" }),
  policyDir: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "folder of policies, templates and law packs; the shipped ones when absent" }),
  homeCountry: z
    .string()
    .refine(isCountry, "Give a country by its two letters (ISO 3166-1), such as DE.")
    .optional()
    .meta({ description: "country whose national notation of numbers is understood" }),
  log: z
    .strictObject({ level: z.enum(LOG_LEVELS).default("info").meta({ description: "least level written" }) })
    .prefault({}),
  http: httpSettings(8026).prefault({}),
  gateway: Gateway.prefault({}),
  replies: Replies.prefault({}),
  cost: Cost.prefault({}),
  catchUp: CatchUp.prefault({}),
  run: z
    .strictObject({
      tickSeconds: z
        .number()
        .min(0.1)
        .max(3_600)
        .default(1)
        .meta({ description: "time between two looks at the index" }),
      pollSeconds: z
        .number()
        .min(1)
        .max(86_400)
        .default(60)
        .meta({ description: "time between two reads of the gateway's list of events" }),
      handOverMinutes: z
        .number()
        .min(1)
        .max(1_440)
        .default(15)
        .meta({ description: "how many minutes of the fleet's capacity may lie at the gateway" }),
      submitWithinMinutes: z
        .number()
        .min(5)
        .max(1_440)
        .default(30)
        .meta({ description: "what a modem has not taken by then is planned anew" }),
      scanHour: z
        .int()
        .min(0)
        .max(23)
        .default(3)
        .meta({ description: "hour (UTC) of the nightly full scan" }),
    })
    .prefault({}),
  retention: z
    .strictObject({
      decisionsDays: z
        .int()
        .min(1)
        .max(3_650)
        .default(400)
        .meta({ description: "days for which past decisions are kept" }),
    })
    .prefault({}),
});
export type SchedulerSettings = z.output<typeof SchedulerSettings>;

export interface SettingsInput {
  readonly file?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags?: Readonly<Record<string, unknown>>;
}

/** @throws SettingsError */
export function loadSchedulerSettings(input: SettingsInput): LoadedSettings<SchedulerSettings> {
  return loadSettings(SchedulerSettings, {
    ...input,
    prefix: ENVIRONMENT_PREFIX,
    foreign: FOREIGN_VARIABLES,
  });
}

/** "0.05" → 50000 millionths. */
export function priceMicro(price: string): number {
  const [whole = "0", fraction = ""] = price.split(".");
  return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, "0"));
}

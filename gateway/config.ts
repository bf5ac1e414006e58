/** The settings of the gateway: what there is, what is allowed, what happens when nothing is set. */
import { isIP } from "node:net";
import { z } from "zod";
import { httpSettings } from "#shared/config/http.ts";
import { type LoadedSettings, loadSettings } from "#shared/config.ts";
import { LOG_LEVELS } from "#shared/logger.ts";
import { isCountry } from "#shared/phone-number.ts";
import { ModemEntry, SimEntry, SimLimits } from "./config/modems.ts";

export type { ModemEntry } from "./config/modems.ts";

export const ENVIRONMENT_PREFIX = "DUNLIN";
/** Variables with our prefix that are no settings of the gateway. */
export const FOREIGN_VARIABLES = ["DUNLIN_URL", "DUNLIN_KEY", "DUNLIN_CONFIG", "DUNLIN_SCHEDULER_*"];

const Country = z.string().refine(isCountry, "Give a country by its two letters (ISO 3166-1), such as DE.");

const Network = z.string().refine((text) => {
  const [address = "", bits = "", ...rest] = text.split("/");
  const version = isIP(address);
  return (
    version !== 0 && rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
  );
}, "Give a network as address/bits, such as 10.0.0.0/8.");

const Host = z
  .string()
  .regex(
    /^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    "Give a host name, such as crm.internal or *.internal.",
  );

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const Numbers = z.strictObject({
  homeCountry: Country.optional().meta({
    description: "country whose national notation is understood, such as DE",
  }),
  allowedCountries: z
    .array(z.union([z.literal("*"), Country]))
    .optional()
    .meta({
      description: "countries that may be sent to, or *; when absent the home country, and all without one",
    }),
  allowShortCodes: z.boolean().default(false).meta({ description: "numbers of three to six digits" }),
  allowPremium: z.boolean().default(false).meta({ description: "premium-rate and shared-cost numbers" }),
  allowSatellite: z
    .boolean()
    .default(false)
    .meta({ description: "satellite and other networks of no country" }),
  allowUnassigned: z.boolean().default(false).meta({
    description: "numbers of a possible length in no known range, such as those made for tests",
  }),
});
export type NumberSettings = z.output<typeof Numbers>;

const Webhooks = z.strictObject({
  allowedNetworks: z.array(Network).default([]).meta({
    description: "networks that webhooks may reach although they are not public, such as 10.0.0.0/8",
  }),
  allowedHosts: z.array(Host).default([]).meta({
    description: "host names that webhooks may reach wherever they lead; *.internal means all below",
  }),
  allowPublic: z
    .boolean()
    .default(true)
    .meta({ description: "false: only the networks and hosts named here" }),
});
export type WebhookSettings = z.output<typeof Webhooks>;

export const GatewaySettings = z.strictObject({
  dataDir: z.string().min(1).default("var").meta({ description: "folder of the database" }),
  log: z
    .strictObject({
      level: z.enum(LOG_LEVELS).default("info").meta({ description: "least level written" }),
      format: z.enum(["auto", "json", "text"]).default("auto").meta({
        description: "auto: plain text on a terminal, else JSON lines",
      }),
    })
    .prefault({}),
  http: httpSettings(8025).prefault({}),
  numbers: Numbers.prefault({}),
  timeZone: z
    .string()
    .default("UTC")
    .refine(isTimeZone, "Give a time zone by its IANA name, such as Europe/Berlin.")
    .meta({ description: "whose calendar days and months the limits count" }),
  limits: SimLimits.prefault({}),
  sims: z
    .array(SimEntry)
    .max(1_024)
    .default([])
    .meta({ description: "limits of certain SIMs, each in a section [[sims]] with its iccid" }),
  queue: z
    .strictObject({
      segmentsMax: z.int().min(1).default(1_000_000).meta({ description: "open segments; then 503" }),
    })
    .prefault({}),
  webhooks: Webhooks.prefault({}),
  modems: z
    .array(ModemEntry)
    .max(256)
    .default([])
    .refine(
      (modems) => new Set(modems.map((modem) => modem.name)).size === modems.length,
      "Two modems have the same name.",
    )
    .refine(
      (modems) => new Set(modems.map((modem) => modem.port)).size === modems.length,
      "Two modems have the same port.",
    )
    .meta({ description: "the modems, each in a section [[modems]]" }),
});
export type GatewaySettings = z.output<typeof GatewaySettings>;

export interface SettingsInput {
  readonly file?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags?: Readonly<Record<string, unknown>>;
}

/** @throws SettingsError */
export function loadGatewaySettings(input: SettingsInput): LoadedSettings<GatewaySettings> {
  return loadSettings(GatewaySettings, {
    ...input,
    prefix: ENVIRONMENT_PREFIX,
    foreign: FOREIGN_VARIABLES,
  });
}

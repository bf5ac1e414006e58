/** The settings of the gateway: what there is, what is allowed, what happens when nothing is set. */
import { isIP } from "node:net";
import { z } from "zod";
import { parsePortAddress } from "#hardware/port/address.ts";
import { PortError } from "#hardware/port/port.ts";
import { type LoadedSettings, loadSettings } from "#shared/config.ts";
import { LOG_LEVELS } from "#shared/logger.ts";
import { isCountry } from "#shared/phone-number.ts";

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

const limit = (per: string) =>
  z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .meta({ description: `segments one SIM may send a ${per}; unlimited when absent` });

const SimLimits = z.strictObject({
  perMinute: limit("minute"),
  perHour: limit("hour"),
  perDay: limit("day"),
  perMonth: limit("month"),
});

function checkPort(text: string, context: z.core.$RefinementCtx<string>): void {
  try {
    parsePortAddress(text);
  } catch (error) {
    const message = error instanceof PortError ? error.message.replace(/^port: /, "") : String(error);
    context.addIssue({ code: "custom", message, input: text });
  }
}

const ModemEntry = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, "Give a short name of letters, digits, - and _."),
  port: z.string().superRefine(checkPort).meta({
    description: "/dev/serial/by-id/…, tcp://host:port (as ser2net serves it) or unix:/path",
  }),
  pin: z
    .string()
    .regex(/^\d{4,8}$/, "A PIN has 4 to 8 digits.")
    .optional()
    .meta({ secret: true }),
  serviceCentre: z
    .string()
    .regex(/^\+\d{5,15}$/, "Give the number of the service centre in E.164, such as +491710760000.")
    .optional(),
  profile: z.string().optional().meta({ description: "chosen by the modem's answers when absent" }),
  baudRate: z.int().min(1_200).max(4_000_000).optional(),
  allowedPrefixes: z
    .array(z.string().regex(/^\+?\d{1,15}$/, "Give the first digits of numbers, such as +49."))
    .optional()
    .meta({ description: "numbers this modem's SIM may send to; all when absent" }),
  limits: SimLimits.optional().meta({ description: "instead of [limits]" }),
});
export type ModemEntry = z.output<typeof ModemEntry>;

const Http = z.strictObject({
  host: z.string().min(1).default("127.0.0.1").meta({ description: "address to listen on" }),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(8025)
    .meta({ description: "port to listen on; 0 takes a free one" }),
  trustProxy: z
    .array(z.string())
    .default([])
    .meta({ description: "addresses or networks of proxies whose X-Forwarded-For is believed" }),
  requestsPerMinute: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: "requests one key may make a minute; 0 is no limit" }),
});

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
    .strictObject({ level: z.enum(LOG_LEVELS).default("info").meta({ description: "least level written" }) })
    .prefault({}),
  http: Http.prefault({}),
  numbers: Numbers.prefault({}),
  limits: SimLimits.prefault({}),
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

/** How a modem and the limits of SIMs are written in the settings. */
import { z } from "zod";
import { PROFILE_NAMES } from "#hardware/modem/profiles/index.ts";
import { parsePortAddress } from "#hardware/port/address.ts";
import { PortError } from "#hardware/port/port.ts";
import { Iccid } from "#shared/gateway-api.ts";

const SEGMENTS_MAX = 1_000_000;

const limit = (per: string) =>
  z
    .int()
    .min(1)
    .max(SEGMENTS_MAX)
    .optional()
    .meta({
      description: `segments that one SIM may send per ${per}; no limit when absent`,
    });

const Prefixes = z
  .array(z.string().regex(/^\+?\d{1,15}$/, "Give the first digits of numbers, such as +49."))
  .optional()
  .meta({ description: "numbers that a SIM may send to, by their first digits; all when absent" });

export const SimLimits = z.strictObject({
  perMinute: limit("minute"),
  perHour: limit("hour"),
  perDay: limit("calendar day"),
  perMonth: limit("calendar month"),
  allowedPrefixes: Prefixes,
});
export type SimLimits = z.output<typeof SimLimits>;

export const SimEntry = z.strictObject({ iccid: Iccid, ...SimLimits.shape });

function checkPort(text: string, context: z.core.$RefinementCtx<string>): void {
  try {
    parsePortAddress(text);
  } catch (error) {
    const message = error instanceof PortError ? error.message.replace(/^port: /, "") : String(error);
    context.addIssue({ code: "custom", message, input: text });
  }
}

export const ModemEntry = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, "Give a short name of letters, digits, - and _."),
  port: z.string().superRefine(checkPort),
  pin: z
    .string()
    .regex(/^\d{4,8}$/, "A PIN has 4 to 8 digits.")
    .optional()
    .meta({ secret: true }),
  serviceCentre: z
    .string()
    .regex(/^\+\d{5,15}$/, "Give the number of the service centre in E.164, such as +491710760000.")
    .optional(),
  profile: z.enum(PROFILE_NAMES as [string, ...string[]]).optional(),
  baudRate: z.int().min(1_200).max(4_000_000).optional(),
  hardwareFlowControl: z.boolean().optional(),
  /** AT+CGSMS. */
  bearer: z.literal([0, 1, 2, 3]).optional(),
  submitTimeoutSeconds: z.int().min(5).max(600).optional(),
  allowedPrefixes: Prefixes,
  limits: SimLimits.optional(),
});
export type ModemEntry = z.output<typeof ModemEntry>;

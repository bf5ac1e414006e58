/** What the control API takes. Unknown fields are refused, so that a misspelled one is noticed. */
import { z } from "zod";
import { HANDSET_STATES } from "#hardware/simulator/network/handset.ts";
import { SAMPLE_NAMES, type SampleName } from "#hardware/simulator/network/samples.ts";
import { cmsCode, ms, octet, operatorRules, partOrder } from "./fault-schemas.ts";

const number = z.string().regex(/^\+?[0-9*#]{1,20}$/, "digits, with + in front when international");

/** As `Latency` of network/latency.ts. */
const distribution = z.strictObject({
  kind: z.literal("lognormal"),
  medianMs: ms,
  sigma: z.number().min(0).max(5),
  tailShare: z.number().min(0).max(1),
  tailMinMs: ms,
  tailMaxMs: ms,
  linkedMedianMs: ms,
});

const latency = z.union([z.enum(["none", "gsm", "umts", "lte", "nbiot"]), ms, distribution]);

/** `home` and so on stand for the numbers of 27.007 7.2. */
export const REGISTRATIONS = {
  none: 0,
  home: 1,
  searching: 2,
  denied: 3,
  unknown: 4,
  roaming: 5,
  "sms-only-home": 6,
  "sms-only-roaming": 7,
  emergency: 8,
} as const;
const registrationNames = Object.keys(REGISTRATIONS) as (keyof typeof REGISTRATIONS)[];

export const modemPatch = z.strictObject({
  signal: z.union([z.number().int().min(0).max(31), z.literal(99)]).optional(),
  registration: z.enum(registrationNames).optional(),
  domains: z
    .array(z.enum(["CREG", "CGREG", "CEREG"]))
    .min(1)
    .optional(),
  latency: latency.optional(),
  /** Last TP-MR, of the SIM or of the modem itself; the next message gets one more. */
  lastReference: octet.optional(),
});

export const muteBody = z.strictObject({ ms: ms.optional() });
export const ringBody = z.strictObject({ from: number, rings: z.number().int().min(1).max(100).optional() });

const address = {
  to: number.optional(),
  imsi: z
    .string()
    .regex(/^\d{6,15}$/)
    .optional(),
};
const oneAddress = (body: { to?: unknown; imsi?: unknown }): boolean =>
  (body.to === undefined) !== (body.imsi === undefined);
const ADDRESS_RULE = "give either `to`, a SIM's number, or `imsi`";

export const textMessage = z
  .strictObject({
    ...address,
    from: z.string().min(1).max(21),
    text: z.string().max(40_000),
    count: z.number().int().min(1).max(10_000).optional(),
    everyMs: ms.optional(),
    order: partOrder.optional(),
    class: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).optional(),
    referenceBits: z.union([z.literal(8), z.literal(16)]).optional(),
  })
  .refine(oneAddress, ADDRESS_RULE);

export const pduMessage = z
  .strictObject({ ...address, pdu: z.string().regex(/^([0-9A-Fa-f]{2}){10,200}$/, "a PDU in hexadecimal") })
  .refine(oneAddress, ADDRESS_RULE);

export const sampleMessage = z
  .strictObject({ ...address, sample: z.enum(SAMPLE_NAMES as [SampleName, ...SampleName[]]) })
  .refine(oneAddress, ADDRESS_RULE);

export const handsetBody = z.strictObject({
  state: z.enum(HANDSET_STATES).optional(),
  /** The state ends after that, and the phone is on. */
  forMs: ms.optional(),
  slowMs: ms.optional(),
  replies: z
    .array(
      z.strictObject({
        match: z.string().max(200).optional(),
        reply: z.string().min(1).max(40_000),
        afterMs: ms.optional(),
        times: z.number().int().min(1).optional(),
      }),
    )
    .max(100)
    .optional(),
});

export const networkPatch = z.strictObject({
  latency: latency.optional(),
  reportDelay: z.union([ms, distribution]).optional(),
  intermediateReports: z.boolean().optional(),
  recipientForm: z.enum(["as-dialled", "international", "national", "short"]).optional(),
  /** What the operator does to a SIM that sends too much; null ends it. */
  operator: operatorRules.nullable().optional(),
  /** Zone of time stamps in quarter hours; the modems are told (NITZ). */
  timeZoneQuarters: z.number().int().min(-48).max(56).optional(),
  /** Hours of daylight saving in that zone. */
  daylightHours: z.number().int().min(0).max(2).optional(),
  /** CMS code of every submit from now on; null ends it. */
  refusal: cmsCode.nullable().optional(),
});

const whole = z.coerce.number().int().min(0);
export const ledgerQuery = z.strictObject({
  after: whole.optional(),
  limit: whole.max(10_000).default(1_000),
  imsi: z.string().optional(),
  modem: z.string().optional(),
  destination: z.string().optional(),
  messageReference: whole.max(255).optional(),
});

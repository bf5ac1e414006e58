import { z } from "zod";
import { label, Timestamp } from "./common.ts";
import { Iccid } from "./messages.ts";

export const ModemInfo = z
  .object({
    name: z.string(),
    port: z.string(),
    state: z.string().meta({
      description: "absent, starting, searching, ready, sim-blocked, recovering or stopped",
    }),
    detail: z.string().meta({ description: "Why it is in this state, in one sentence" }),
    imei: z.string().optional(),
    manufacturer: z.string().optional(),
    model: z.string().optional(),
    revision: z.string().optional(),
    profile: z.string().optional(),
    sim: z.string().optional().meta({ description: "ICCID" }),
    operator: z.string().optional(),
    signalDbm: z.number().optional(),
    registration: z.string().optional(),
    submitting: z.boolean(),
  })
  .meta({ id: "Modem" });
export type ModemInfo = z.output<typeof ModemInfo>;

export const SimInfo = z
  .object({
    iccid: z.string(),
    imsi: z.string(),
    modem: z.string().optional(),
    parked: z.object({ since: Timestamp, until: Timestamp.optional(), reason: z.string() }).optional(),
    usage: z
      .array(
        z.object({
          per: z.enum(["minute", "hour", "day", "month"]),
          used: z.int(),
          limit: z.int().optional(),
        }),
      )
      .meta({ description: "Segments handed over in the running window of each limit" }),
    queued: z.int(),
  })
  .meta({ id: "Sim" });
export type SimInfo = z.output<typeof SimInfo>;

export const ModemList = z.object({ items: z.array(ModemInfo) }).meta({ id: "ModemList" });
export const SimList = z.object({ items: z.array(SimInfo) }).meta({ id: "SimList" });

export const SimParams = z.strictObject({ iccid: Iccid });
export const ParkRequest = z
  .strictObject({ reason: label(200).default("parked by hand") })
  .meta({ id: "ParkRequest" });

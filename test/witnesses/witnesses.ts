/** All witnesses, in the order of the table. */
import { gammu } from "./gammu.ts";
import { gammuSmsd } from "./gammu-smsd.ts";
import { kannel } from "./kannel.ts";
import { modemManager } from "./modem-manager.ts";
import { smstools } from "./smstools.ts";
import type { Witness } from "./witness.ts";

export const WITNESSES: readonly Witness[] = [gammu, gammuSmsd, smstools, kannel, modemManager];

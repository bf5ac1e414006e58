/**
 * What the witnesses are known to refuse, and the variants of families that they were heard on instead.
 * A refusal that is written here and does not happen any more is an error too.
 */
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import type { Step } from "./witness.ts";

export interface Refusal {
  readonly client: string;
  readonly profile: string;
  readonly step: Step;
  readonly why: string;
}

export interface Variant {
  readonly client: string;
  readonly profile: string;
  readonly why: string;
  readonly change: (profile: Profile) => Profile;
}

const BUFFER = "gammu writes bfr 0 in AT+CNMI where only 1 is listed, and is refused: no report is asked for";

/** In the order of the table. */
export const REFUSALS: readonly Refusal[] = [
  {
    client: "gammu",
    profile: "cinterion-mc75i",
    step: "report",
    why: BUFFER,
  },
  {
    client: "gammu-smsd",
    profile: "cinterion-mc75i",
    step: "report",
    why: BUFFER,
  },
  {
    client: "ModemManager",
    profile: "zte-mf190",
    step: "report",
    why: "it tries CNMI mode 2 alone, which this stick refuses; nor does it read the stick's `+CDS: ,25`",
  },
  {
    client: "ModemManager",
    profile: "cinterion-mc75i",
    step: "report",
    why: "it asks for ds 2, all that the family has, and then leaves +CDSI alone: it reads +CDS",
  },
];

const MODES = "a stick that takes CNMI mode 2 as it lists it (quirk off): this client tries no lower mode";
const REPORTS_IN_SM = "reports go to SM instead of SR: gammu-smsd reads SM and ME, and never SR";

const VARIANTS: readonly Variant[] = [
  { client: "gammu", profile: "huawei-e173", why: MODES, change: takesListedModes },
  { client: "gammu", profile: "zte-mf190", why: MODES, change: takesListedModes },
  { client: "gammu-smsd", profile: "huawei-e173", why: MODES, change: takesListedModes },
  { client: "gammu-smsd", profile: "zte-mf190", why: MODES, change: takesListedModes },
  { client: "gammu-smsd", profile: "generic-strict", why: REPORTS_IN_SM, change: reportsInSm },
  { client: "gammu-smsd", profile: "wavecom-q2", why: REPORTS_IN_SM, change: reportsInSm },
  { client: "ModemManager", profile: "huawei-e173", why: MODES, change: takesListedModes },
];

function takesListedModes(profile: Profile): Profile {
  return { ...profile, routing: { ...profile.routing, refusedModes: [] } };
}

export const known = {
  refusal: (client: string, profile: string, step: Step): Refusal | undefined =>
    REFUSALS.find((row) => row.client === client && row.profile === profile && row.step === step),
  /** The family as this witness meets it, when it differs. */
  variant: (
    client: string,
    profile: Profile,
  ): { readonly profile: Profile; readonly why: string } | undefined => {
    const row = VARIANTS.find((variant) => variant.client === client && variant.profile === profile.name);
    return row && { profile: row.change(profile), why: row.why };
  },
  /** Why another variant of the family was heard. */
  variantReason: (client: string, profile: string): string | undefined =>
    VARIANTS.find((row) => row.client === client && row.profile === profile)?.why,
};

function reportsInSm(profile: Profile): Profile {
  return { ...profile, routing: { ...profile.routing, reportStorage: "SM" } };
}

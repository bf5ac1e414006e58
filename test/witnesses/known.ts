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

const REFUSALS: readonly Refusal[] = [];

const VARIANTS: readonly Variant[] = [];

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

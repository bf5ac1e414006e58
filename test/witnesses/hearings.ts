/** Client after client; for each, so many families at once as it bears. */
import PQueue from "p-queue";
import type { Profile } from "#hardware/simulator/profiles/types.ts";
import { ensureSystemPackage } from "#test/support/system-package.ts";
import { known } from "./known.ts";
import { type Hearing, hear } from "./stage.ts";
import type { Witness } from "./witness.ts";

export interface Row {
  readonly client: string;
  readonly profile: string;
  /** Absent when the witness could not be had. */
  readonly hearing?: Hearing;
  /** Why it could not. */
  readonly skipped?: string;
}

type HeardRow = Row & { readonly hearing: Hearing };

export interface HearOptions {
  readonly say: (line: string) => void;
  readonly keepIn?: string;
}

export async function hearAll(
  witnesses: readonly Witness[],
  profiles: readonly Profile[],
  { say, keepIn }: HearOptions,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const witness of witnesses) {
    const { available, reason = "" } = ensureSystemPackage(witness.packages);
    if (!available) say(`${witness.name} is left out: ${reason}`);
    const queue = new PQueue({ concurrency: witness.atOnce });
    const heard = profiles.map((profile): Promise<Row> => {
      if (!available) {
        return Promise.resolve({ client: witness.name, profile: profile.name, skipped: reason });
      }
      return queue.add(async () => {
        const row = await hearOne(witness, profile, keepIn);
        say(`${witness.name} on ${profile.name}: ${Math.round(row.hearing.tookMs / 100) / 10} s`);
        return row;
      });
    });
    rows.push(...(await Promise.all(heard)));
  }
  return rows;
}

/** One witness on one family, or on the variant of it that is known to suit. */
export async function hearOne(witness: Witness, profile: Profile, keepIn?: string): Promise<HeardRow> {
  const variant = known.variant(witness.name, profile);
  const hearing = await hear(witness, variant?.profile ?? profile, keepIn);
  return { client: witness.name, profile: profile.name, hearing };
}

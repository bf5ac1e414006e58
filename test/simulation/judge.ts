/** Looks at what the network took, what the gateway says and what it told, and names what does not fit. */
import type { Accepted } from "./caller.ts";
import { judgeApart } from "./judge/apart.ts";
import { type Case, collect, type Violation } from "./judge/case.ts";
import { judgeEnds } from "./judge/ends.ts";
import { judgeEvidence } from "./judge/evidence.ts";
import { judgeInbox } from "./judge/inbox.ts";
import { judgeProofs } from "./judge/proofs.ts";
import { judgeQuiet } from "./judge/quiet.ts";
import { judgeRate } from "./judge/rate.ts";
import { judgeSubmits } from "./judge/submits.ts";
import { judgeTold } from "./judge/told.ts";
import { judgeTruth } from "./judge/truth.ts";
import type { World } from "./world.ts";

export type { Rule, Violation } from "./judge/case.ts";

type Judge = (one: Case) => readonly Violation[] | Promise<readonly Violation[]>;

const JUDGES: readonly Judge[] = [
  judgeSubmits,
  judgeEnds,
  judgeEvidence,
  judgeProofs,
  judgeTold,
  judgeRate,
  judgeTruth,
  judgeInbox,
  judgeApart,
  judgeQuiet,
];

export async function judge(world: World, accepted: readonly Accepted[]): Promise<Violation[]> {
  const one = await collect(world, accepted);
  return (await Promise.all(JUDGES.map((each) => each(one)))).flat();
}

/** Looks at what the network took, what the gateway says and what it told, and names what does not fit. */
import type { Accepted } from "./caller.ts";
import { type Case, collect, type Violation } from "./judge/case.ts";
import { judgeEnds } from "./judge/ends.ts";
import { judgeSubmits } from "./judge/submits.ts";
import type { World } from "./world.ts";

export type { Violation } from "./judge/case.ts";

type Judge = (one: Case) => readonly Violation[];

const JUDGES: readonly Judge[] = [judgeSubmits, judgeEnds];

export async function judge(world: World, accepted: readonly Accepted[]) {
  const one = await collect(world, accepted);
  return JUDGES.flatMap((each) => each(one));
}

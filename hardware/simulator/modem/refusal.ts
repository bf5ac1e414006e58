/** The answer of a fault that refuses. */
import type { FaultAction } from "#hardware/simulator/faults/actions.ts";
import type { Random } from "#shared/random.ts";
import { cme, cms, ERROR, type Reply } from "./answers.ts";

export function refusal(action: Extract<FaultAction, { kind: "refuse" }>, random: Random): Reply {
  if (action.cme !== undefined) return cme(action.cme);
  if (action.cms === undefined) return ERROR;
  if (typeof action.cms === "number") return cms(action.cms);
  return cms(action.cms[random.int(0, action.cms.length - 1)] as number);
}

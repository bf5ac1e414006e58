/** The thinking half behind one port: facts from the ledger, decisions and texts from the rulebook. */
import type { Database } from "#shared/sqlite.ts";
import { readFacts } from "./ledger/read-facts.ts";
import { createZoneCandidates } from "./ledger/zones.ts";
import type { Brain } from "./run/brain.ts";

export interface MindDeps {
  readonly db: Database;
  /** As it stands now; an edit of a policy, a text or a holiday makes a new one. */
  readonly rulebook: () => Pick<Brain, "decide" | "compose">;
}

export function createMind({ db, rulebook }: MindDeps): Brain {
  const zones = createZoneCandidates();
  return {
    facts: (caseId, now) => readFacts(db, zones, [caseId], now).get(caseId),
    factsOf: (caseIds, now) => readFacts(db, zones, caseIds, now),
    decide: (facts, now) => rulebook().decide(facts, now),
    compose: (facts, message) => rulebook().compose(facts, message),
  };
}

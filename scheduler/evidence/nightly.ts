/** The nightly look at the chain: what was added since the last one, page by page, and whether it goes on from there. */
import type { Marks } from "#scheduler/run/marks.ts";
import type { Tasks } from "#scheduler/run/tasks.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import { type ChainVerdict, type Head, START, verify } from "./chain.ts";
import { pageAfter, placeOf } from "./store.ts";

export interface NightlyDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly marks: Marks;
  readonly tasks: Tasks;
}

/** Undefined when it was cut short. A task for staff is opened where the chain does not hold. */
export async function checkChain(deps: NightlyDeps, signal?: AbortSignal): Promise<ChainVerdict | undefined> {
  const { db, marks, log } = deps;
  while (signal?.aborted !== true) {
    const { verdict, more } = await db.write(() => {
      const step = nextPage(db, readMark(marks.get("evidence.verified")));
      if (step.verdict.ok) marks.set("evidence.verified", writeMark(step.verdict.head));
      else openTask(deps, step.verdict);
      return step;
    });
    if (more && verdict.ok) continue;
    // The log is kept elsewhere than the database: who makes the chain anew does not reach both.
    if (verdict.ok) log.info({ head: writeMark(verdict.head) }, "the chain of evidence holds");
    else log.error({ ...verdict }, "the chain of evidence is broken");
    return verdict;
  }
  return undefined;
}

function nextPage(db: Database, after: Head): { readonly verdict: ChainVerdict; readonly more: boolean } {
  const there = placeOf(db, after.sequence);
  if (there === undefined)
    return { verdict: { ok: false, sequence: after.sequence, fault: "truncated" }, more: false };
  const page = pageAfter(db, after.sequence);
  return { verdict: verify(page, { after: there, known: after }), more: page.length > 0 };
}

function openTask(deps: NightlyDeps, broken: Extract<ChainVerdict, { ok: false }>): void {
  const detail =
    `The chain of evidence does not hold: event ${broken.sequence} is ${broken.fault}. Keep the database file ` +
    `as it is, compare it with a backup, and find out who wrote to it. "dunlin evidence verify" looks again.`;
  deps.tasks.open({ kind: "evidence-broken", subject: "chain of evidence", detail }, deps.clock.now());
}

/** A head as one word: sequence:hash. */
export function writeMark({ sequence, hash }: Head): string {
  return `${sequence}:${hash}`;
}

export function readMark(text: string | undefined): Head {
  const [sequence, hash] = text?.split(":") ?? [];
  return sequence === undefined || hash === undefined ? START : { sequence: Number(sequence), hash };
}

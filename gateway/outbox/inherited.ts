/**
 * An answer that belongs to the process before this one: it handed a segment over and ended, and the
 * network took the segment only after that. A modem has one submit at a time, so what it answers before we
 * hand anything over speaks of the last one.
 */
import type { SubmitOutcome } from "#hardware/modem/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Finding } from "./findings.ts";

interface Row {
  readonly message: number;
  readonly segment: number;
  readonly try: number;
  readonly outcome: string | null;
  readonly modem: string;
  readonly expected: number | null;
}

const SELECT_LAST = `
  select message, segment, try, outcome, modem, expected_reference as expected from attempt
  where sim = ? and outcome is not 'not-sent' order by started_at desc, ended_at desc limit 1`;

/** What one modem answered before this process handed it anything. */
export class Inheritance {
  #references: readonly number[] = [];
  #isOver = false;

  /** True when it may tell something. */
  heard(outcome: SubmitOutcome): boolean {
    if (this.#isOver || outcome.kind !== "accepted" || outcome.messageReference === undefined) return false;
    this.#references = [...this.#references, outcome.messageReference];
    return true;
  }

  /** Something was handed over: from now on an answer is our own. */
  end(): void {
    this.#isOver = true;
    this.spent();
  }

  /** What was heard is stored. */
  spent(): void {
    this.#references = [];
  }

  /**
   * None unless the last attempt of this SIM went by this modem, has no answer, and had to get this very
   * reference: another program may have used the modem while we were away. Of several answers nobody knows
   * which is whose.
   */
  findings(db: Database, sim: number, modem: string): readonly Finding[] {
    const [reference, ...others] = this.#references;
    if (reference === undefined || others.length > 0) return [];
    const last = db.sql(SELECT_LAST).get(sim) as Row | undefined;
    if (last?.outcome !== "unknown" || last.modem !== modem || last.expected !== reference) return [];
    const saw = `The modem's answer came after the process had begun anew: the network took it with reference ${reference}.`;
    const attempt = { message: last.message, segment: last.segment, try: last.try };
    return [{ attempt, kind: "late-answer", saw, verdict: "sent", messageReference: reference }];
  }
}

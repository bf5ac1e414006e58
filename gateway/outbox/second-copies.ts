/**
 * Second copies that callers chose (`onUnknown: resend`) and that wait for better evidence first: the
 * modem may be asked as soon as it is back. When it does not come back in time, the copy goes out.
 */
import type { AttemptKey } from "#gateway/messages/evidence.ts";
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import { Alarm } from "./alarm.ts";
import { factsOf, findOpen, type OpenAttempt } from "./findings.ts";
import { resend } from "./move-as.ts";
import { mayResend } from "./settle.ts";

/** A modem that restarts is back within it. */
export const EVIDENCE_PATIENCE_MS = 60_000;
/** The status of a stored entry tells only when the network cannot answer any more. */
export const ENTRY_PATIENCE_MS = 5 * 60_000;
/** When the database takes no writes, it is tried again after this. */
const TRY_AGAIN_MS = 10_000;
/** Segments of one SIM in one transaction; more wait for their own alarm. */
const COPIES_MAX = 100;

const SELECT_WAITING = `
  select a.message, a.segment, a.try, a.sim,
    exists (select 1 from stored_entry e
            where e.message = a.message and e.segment = a.segment and e.try = a.try) as stored
  from segment s
  join message m on m.number = s.message
  join attempt a on a.message = s.message and a.segment = s.number and a.try =
    (select max(try) from attempt where message = s.message and segment = s.number)
  where s.state in ('queued', 'submitting', 'unknown') and s.state = 'unknown' and m.on_unknown = 'resend'
    and (? is null or s.message = ?)
  order by s.message, s.number`;

interface WaitingRow extends AttemptKey {
  readonly sim: number;
  readonly stored: 0 | 1;
}

export interface SecondCopiesDeps {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
}

export class SecondCopies {
  readonly #deps: SecondCopiesDeps;
  readonly #alarm: Alarm<AttemptKey>;
  readonly #running = new Set<Promise<void>>();

  constructor(deps: SecondCopiesDeps) {
    this.#deps = deps;
    this.#alarm = new Alarm(deps.clock, (attempt) => this.#run(attempt));
    deps.ledger.onCommitted((entry) => {
      for (const { message, to } of entry.moves) if (to === "unknown") this.#watch(message);
    });
  }

  /** Sets the alarms for what is stored. Call once. */
  load(): void {
    this.#watch(undefined);
  }

  /** Resolves when what is being written is written. */
  async close(): Promise<void> {
    this.#alarm.close();
    await Promise.all(this.#running);
  }

  #watch(message: number | undefined): void {
    const { ledger, clock } = this.#deps;
    for (const row of waitingRows(ledger, message))
      this.#alarm.set(clock.now() + (row.stored === 1 ? ENTRY_PATIENCE_MS : EVIDENCE_PATIENCE_MS), row);
  }

  #run(attempt: AttemptKey): void {
    const { ledger, clock, log } = this.#deps;
    const running = ledger
      .write("second-copy", (entry) => copy(ledger, entry, attempt))
      .catch((error: unknown) => {
        log.error({ err: error }, "a second copy could not be put in the queue; trying again");
        this.#alarm.set(clock.now() + TRY_AGAIN_MS, attempt);
      });
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }
}

/**
 * The evidence of this SIM has been looked at: what is still unknown goes out again, where its caller chose
 * so. `waits` names those for which more may come. Inside a transaction.
 */
export function sendSecondCopies(
  ledger: Ledger,
  entry: Entry,
  sim: number,
  waits: (attempt: AttemptKey) => boolean,
): void {
  const rows = waitingRows(ledger, undefined).filter((row) => row.sim === sim && !waits(row));
  for (const row of rows.slice(0, COPIES_MAX)) copy(ledger, entry, row);
}

function waitingRows(ledger: Ledger, message: number | undefined): readonly WaitingRow[] {
  return ledger.db.sql(SELECT_WAITING).all(message ?? null, message ?? null) as WaitingRow[];
}

function copy(ledger: Ledger, entry: Entry, attempt: AttemptKey): void {
  const open: OpenAttempt | undefined = findOpen(ledger, attempt);
  if (open?.state !== "unknown" || !mayResend(factsOf(ledger, entry, open), 0)) return;
  const reason = "Nothing told whether the first was sent.";
  resend(ledger, entry, open, { to: "unknown", reason, code: "outcome_unknown", resend: true });
}

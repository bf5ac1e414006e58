/** Starting and stopping the core, in the order that the promise needs. */
import type { Clock } from "#shared/clock.ts";
import type { Logger } from "#shared/logger.ts";
import type { Database } from "#shared/sqlite.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { IDEMPOTENCY_PRUNED_MAX, pruneIdempotency } from "./messages/idempotency.ts";
import type { Ledger } from "./messages/ledger.ts";
import type { Deadlines } from "./outbox/deadlines.ts";
import type { Dispatch } from "./outbox/dispatch.ts";
import { recoverInterrupted } from "./outbox/recover.ts";
import type { SecondCopies } from "./outbox/second-copies.ts";
import type { Inbound } from "./reports/inbound.ts";
import type { Reports } from "./reports/reports.ts";

const PRUNE_EVERY_MS = 3_600_000;

export interface LifeDeps {
  readonly db: Database;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dispatch: Dispatch;
  readonly reports: Reports;
  readonly inbound: Inbound;
  readonly deadlines: Deadlines;
  readonly secondCopies: SecondCopies;
  readonly fleet: Fleet;
  /** Lets go of the database file. */
  readonly release: () => void;
}

export class Life {
  readonly started: Promise<void>;
  readonly #deps: LifeDeps;
  readonly #stopping = new AbortController();
  readonly #settled: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
  #pruning: Promise<void> = Promise.resolve();
  #begun = false;
  #stopped: Promise<void> | undefined;

  constructor(deps: LifeDeps) {
    this.#deps = deps;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.started = promise;
    this.started.catch(() => undefined);
    this.#settled = { resolve, reject };
  }

  start(): void {
    if (this.#begun) return;
    this.#begun = true;
    this.#begin().then(this.#settled.resolve, (error: unknown) => {
      this.#deps.log.error({ err: error }, "the gateway could not be started");
      this.#settled.reject(error);
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #begin(): Promise<void> {
    const { ledger, reports, dispatch, deadlines, secondCopies, inbound, fleet, log } = this.#deps;
    const interrupted = await recoverInterrupted(ledger, reports);
    if (interrupted.size > 0)
      log.warn({ sims: interrupted.size }, "segments were with a modem when the gateway ended: unknown");
    if (this.#stopping.signal.aborted) return;
    dispatch.load();
    deadlines.load();
    secondCopies.load();
    inbound.load();
    fleet.start(interrupted);
    this.#pruning = this.#prune();
  }

  async #end(): Promise<void> {
    const { db, dispatch, deadlines, secondCopies, inbound, fleet, release } = this.#deps;
    this.#stopping.abort();
    if (this.#begun) await this.started.catch(() => undefined);
    await fleet.stop();
    dispatch.close();
    await Promise.all([deadlines.close(), secondCopies.close(), inbound.close(), this.#pruning]);
    db.close();
    release();
  }

  async #prune(): Promise<void> {
    const { db, clock, log } = this.#deps;
    while (!this.#stopping.signal.aborted) {
      try {
        while ((await pruneIdempotency(db, clock.now())) === IDEMPOTENCY_PRUNED_MAX);
      } catch (error) {
        log.error({ err: error }, "outdated idempotency keys could not be deleted");
      }
      await clock.sleep(PRUNE_EVERY_MS, this.#stopping.signal);
    }
  }
}

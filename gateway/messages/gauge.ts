/**
 * How many segments are in each state, for the limit and the metrics: counted once at start, then
 * moved along with each commit.
 */
import type { Entry, Ledger } from "./ledger.ts";
import type { SegmentState } from "./states.ts";
import { EVIDENCE_KINDS, type EvidenceKind } from "./types.ts";

/** States in which a segment still asks something of us. */
const OPEN: readonly SegmentState[] = ["queued", "submitting", "unknown"];

export class SegmentGauge {
  readonly #now = new Map<SegmentState, number>();
  readonly #entered = new Map<SegmentState, number>();
  readonly #settled = new Map<EvidenceKind, number>();

  constructor(ledger: Ledger) {
    const rows = ledger.db
      .sql(
        `select state, count(*) as count from segment
         where state in ('queued', 'submitting', 'unknown') group by state`,
      )
      .all() as { state: SegmentState; count: number }[];
    for (const row of rows) this.#now.set(row.state, row.count);
    ledger.onCommitted((entry) => this.#follow(entry));
  }

  /** Accepted and not yet settled: waiting for a modem, or with one. */
  unsettled(): number {
    return this.current("queued") + this.current("submitting");
  }

  /** Segments that are in an open state (queued, submitting, unknown) now. */
  current(state: SegmentState): number {
    return this.#now.get(state) ?? 0;
  }

  /** Moves into each state since the start, `queued` also by acceptance. */
  entered(): Readonly<Partial<Record<SegmentState, number>>> {
    return Object.fromEntries(this.#entered);
  }

  /** Segments that were `unknown` and are no more, since the start, by what settled them. */
  settled(): Readonly<Record<EvidenceKind, number>> {
    const counts = EVIDENCE_KINDS.map((kind) => [kind, this.#settled.get(kind) ?? 0]);
    return Object.fromEntries(counts) as Record<EvidenceKind, number>;
  }

  #follow(entry: Entry): void {
    for (const { segments } of entry.accepted) {
      add(this.#now, "queued", segments);
      add(this.#entered, "queued", segments);
    }
    for (const { from, to, evidence } of entry.moves) {
      if (from === "unknown" && evidence !== undefined) add(this.#settled, evidence, 1);
      if (OPEN.includes(from)) add(this.#now, from, -1);
      if (OPEN.includes(to)) add(this.#now, to, 1);
      add(this.#entered, to, 1);
    }
  }
}

function add<K>(counts: Map<K, number>, key: K, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

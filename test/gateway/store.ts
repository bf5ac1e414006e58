/** The store of messages alone, on a file or in memory, without modems. */

import { GATEWAY_MIGRATIONS } from "#gateway/database.ts";
import { Events } from "#gateway/messages/events.ts";
import { SegmentGauge } from "#gateway/messages/gauge.ts";
import { type Entry, Ledger } from "#gateway/messages/ledger.ts";
import { StoredMessages } from "#gateway/messages/messages.ts";
import { createIds } from "#shared/ids.ts";
import { seededRandom } from "#shared/random.ts";
import { SimulatedClock } from "#shared/simulated-clock.ts";
import { Database } from "#shared/sqlite.ts";

export interface Store {
  readonly db: Database;
  readonly clock: SimulatedClock;
  readonly ledger: Ledger;
  readonly events: Events;
  readonly gauge: SegmentGauge;
  readonly messages: StoredMessages;
  /** What each commit told its listeners, in order. */
  readonly entries: Entry[];
}

export function openStore(
  options: { readonly path?: string; readonly queuedSegmentsMax?: number } = {},
): Store {
  const clock = new SimulatedClock();
  const db = new Database({ path: options.path ?? ":memory:", migrations: GATEWAY_MIGRATIONS });
  const ids = createIds(clock, seededRandom(1));
  const events = new Events(db, ids);
  const ledger = new Ledger(db, clock, events);
  const entries: Entry[] = [];
  ledger.onCommitted((entry) => entries.push(entry));
  const gauge = new SegmentGauge(ledger);
  const messages = new StoredMessages({
    ledger,
    ids,
    gauge,
    queuedSegmentsMax: options.queuedSegmentsMax ?? 1_000_000,
  });
  return { db, clock, ledger, events, gauge, messages, entries };
}

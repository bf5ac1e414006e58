/**
 * The gateway without its HTTP side: the database, the outbox, the modems. Whoever opens it starts it,
 * hands messages in, follows the events, and stops it.
 */
import { createModem as createRealModem, type ModemDeps } from "#hardware/modem/modem.ts";
import type { Modem } from "#hardware/modem/types.ts";
import type { Clock } from "#shared/clock.ts";
import { createIds, type IdFactory } from "#shared/ids.ts";
import type { Logger } from "#shared/logger.ts";
import type { Random } from "#shared/random.ts";
import { Database, holdExclusively } from "#shared/sqlite.ts";
import type { Checkpoint } from "./checkpoints.ts";
import { Life } from "./core-life.ts";
import { type CoreMetrics, readMetrics, SubmitMeter } from "./core-metrics.ts";
import { GATEWAY_MIGRATIONS } from "./database.ts";
import { Fleet } from "./fleet/fleet.ts";
import { createPinMemory } from "./fleet/pin-memory.ts";
import { SimRegistry } from "./fleet/sim-registry.ts";
import type { ModemConfig } from "./fleet/types.ts";
import { Events } from "./messages/events.ts";
import { SegmentGauge } from "./messages/gauge.ts";
import { Ledger } from "./messages/ledger.ts";
import { StoredMessages } from "./messages/messages.ts";
import type { EventLog, FleetView, Inbox, Messages } from "./messages/types.ts";
import { createCalendar } from "./outbox/calendar.ts";
import { Deadlines } from "./outbox/deadlines.ts";
import { Dispatch } from "./outbox/dispatch.ts";
import type { SimLimits } from "./outbox/limits.ts";
import { refuseUnreachable } from "./outbox/preparation.ts";
import type { FleetLimits } from "./outbox/reach.ts";
import { SecondCopies } from "./outbox/second-copies.ts";
import { Unresolved } from "./outbox/unresolved.ts";
import { Inbound } from "./reports/inbound.ts";
import { StoredInbox } from "./reports/inbox.ts";
import { Reports } from "./reports/reports.ts";

export type { CoreMetrics } from "./core-metrics.ts";
export type { SimLimits } from "./outbox/limits.ts";

const QUEUED_SEGMENTS_MAX = 1_000_000;

export interface CoreLimits extends FleetLimits {
  /** More unsettled segments are not taken in. 1,000,000 unless given. */
  readonly queuedSegmentsMax?: number;
  /** IANA name of the zone whose days and months the limits count. UTC unless given. */
  readonly timeZone?: string;
}

export interface CoreOptions {
  /** A file, held for this process alone; or ":memory:" in tests. */
  readonly databasePath: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** `limits` of a modem count for the SIM in it, instead of the general ones. */
  readonly modems: readonly (ModemConfig & { readonly limits?: SimLimits })[];
  readonly limits?: CoreLimits;
  /** In place of the driver, in tests. */
  readonly createModem?: (deps: ModemDeps) => Modem;
  /** In tests, that end the process there. */
  readonly checkpoint?: Checkpoint;
}

export interface Core {
  readonly db: Database;
  readonly ids: IdFactory;
  readonly messages: Messages;
  readonly inbox: Inbox;
  readonly events: EventLog;
  readonly fleet: FleetView;
  /** SIMs are taken out of service and put back by people here. */
  readonly sims: Pick<Fleet, "parkSim" | "releaseSim">;
  metrics(): CoreMetrics;
  /** Settles what the last run left open, then starts the modems. */
  start(): void;
  /** Resolves when `start` is through, rejects when it failed. */
  readonly started: Promise<void>;
  /** Resolves when each port was opened once, or was not to be had. Call after `started`. */
  portsTried(): Promise<void>;
  /** Finishes submits on the air, closes the ports, then the database. */
  stop(): Promise<void>;
}

/** @throws DatabaseUnavailable when another process holds the database, or its file cannot be written */
export function openCore(options: CoreOptions): Core {
  const { databasePath, clock } = options;
  const release =
    databasePath === ":memory:"
      ? () => {}
      : holdExclusively(`${databasePath}.lock`, `The database ${databasePath}`);
  try {
    const db = new Database({ path: databasePath, migrations: GATEWAY_MIGRATIONS });
    return assemble(options, db, createIds(clock, options.random), release);
  } catch (error) {
    release();
    throw error;
  }
}

function assemble(options: CoreOptions, db: Database, ids: IdFactory, release: () => void): Core {
  const { clock, log, modems } = options;
  const limits = withModemLimits(options);
  const events = new Events(db, ids);
  const ledger = new Ledger(db, clock, events, options.checkpoint);
  const gauge = new SegmentGauge(ledger);
  const unresolved = new Unresolved(ledger);
  const reports = new Reports(ledger);
  const inbound = new Inbound({ ledger, ids, clock, log });
  const deadlines = new Deadlines({ ledger, clock, log });
  const secondCopies = new SecondCopies({ ledger, clock, log });
  const submits = new SubmitMeter();
  const dispatch = new Dispatch({
    ledger,
    clock,
    limits,
    unresolved,
    unreachable: (message) =>
      void refuseUnreachable(ledger, message).catch((error: unknown) =>
        log.error({ err: error }, "a message that no SIM may send could not be refused"),
      ),
  });
  const fleet = new Fleet(modems, {
    ledger,
    clock,
    log,
    dispatch,
    reports,
    inbound,
    registry: new SimRegistry({ ledger, clock, calendar: createCalendar(limits.timeZone), limits }),
    pinMemory: createPinMemory(db, clock),
    createModem: options.createModem ?? createRealModem,
    answered: (outcome, tookMs) => submits.add(outcome, tookMs),
  });
  const messages = new StoredMessages({
    ledger,
    ids,
    gauge,
    queuedSegmentsMax: limits.queuedSegmentsMax ?? QUEUED_SEGMENTS_MAX,
  });
  const life = new Life({
    db,
    ledger,
    clock,
    log,
    dispatch,
    reports,
    inbound,
    deadlines,
    secondCopies,
    fleet,
    release,
  });
  return {
    db,
    ids,
    messages,
    inbox: new StoredInbox(db),
    events,
    fleet,
    sims: fleet,
    started: life.started,
    start: () => life.start(),
    portsTried: () => fleet.portsTried(),
    stop: () => life.stop(),
    metrics: () => readMetrics({ gauge, dispatch, submits, reports, inbound, fleet }),
  };
}

function withModemLimits({ limits = {}, modems }: CoreOptions): CoreLimits {
  const own = modems.flatMap(({ name, limits: of }) => (of === undefined ? [] : [[name, of] as const]));
  return { ...limits, modems: { ...limits.modems, ...Object.fromEntries(own) } };
}

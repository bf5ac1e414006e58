/** SIMs as stored: known by their ICCID wherever they are plugged in, and parked or not. */
import type { Entry, Ledger } from "#gateway/messages/ledger.ts";
import type { SimIdentity } from "#hardware/modem/types.ts";
import type { Database } from "#shared/sqlite.ts";
import type { HandedOver } from "./meter.ts";

/** A SIM that is parked for the first time is tried again after this, then after twice as long. */
const PARKED_MS_FIRST = 15 * 60_000;
const PARKED_MS_MAX = 24 * 3_600_000;

export interface Parking {
  readonly since: number;
  /** Absent: until a person releases it. */
  readonly until?: number;
  readonly reason: string;
}

export interface SimRow {
  readonly number: number;
  readonly iccid: string;
  readonly imsi: string;
  readonly modem: string;
}

const UPSERT = `
  insert into sim (iccid, imsi, modem, first_seen_at, last_seen_at) values (?, ?, ?, ?, ?)
  on conflict (iccid) do update
    set imsi = excluded.imsi, modem = excluded.modem, last_seen_at = excluded.last_seen_at
  returning number`;

/** The SIM is in this modem now. Returns its number. */
export function recordSim(ledger: Ledger, entry: Entry, sim: SimIdentity, modem: string): number {
  const row = ledger.db.sql(UPSERT).get(sim.iccid, sim.imsi, modem, entry.now, entry.now) as {
    number: number;
  };
  return row.number;
}

export function findSim(db: Database, iccid: string): SimRow | undefined {
  return db.sql("select number, iccid, imsi, modem from sim where iccid = ?").get(iccid) as
    | SimRow
    | undefined;
}

export function allSims(db: Database): readonly SimRow[] {
  return db.sql("select number, iccid, imsi, modem from sim order by number").all() as SimRow[];
}

export function parkingOf(db: Database, sim: number): Parking | undefined {
  const row = db
    .sql(`select since, until, reason from sim_parking where sim = ? and released_at is null`)
    .get(sim) as { since: number; until: number | null; reason: string } | undefined;
  if (row === undefined) return undefined;
  return { since: row.since, reason: row.reason, ...(row.until === null ? {} : { until: row.until }) };
}

export interface Park {
  readonly sim: number;
  readonly iccid: string;
  readonly reason: string;
  readonly code: string;
}

/**
 * Parks a SIM that the network refused, for longer each time until it sends again. Returns until when;
 * nothing happens to one that is parked already.
 */
export function parkSim(ledger: Ledger, entry: Entry, park: Park): number {
  const until = entry.now + parkedForMs(parkingsInARow(ledger.db, park.sim));
  return insertParking(ledger, entry, park, until) ? until : (parkingOf(ledger.db, park.sim)?.until ?? until);
}

/** Parks a SIM until a person releases it. */
export function parkSimByHand(ledger: Ledger, entry: Entry, park: Park): boolean {
  return insertParking(ledger, entry, park, undefined);
}

function insertParking(ledger: Ledger, entry: Entry, park: Park, until: number | undefined): boolean {
  const { changes } = ledger.db
    .sql(
      `insert into sim_parking (sim, since, until, reason, code) values (?, ?, ?, ?, ?)
       on conflict (sim) where released_at is null do nothing`,
    )
    .run(park.sim, entry.now, until ?? null, park.reason, park.code);
  if (changes === 0) return false;
  ledger.append(entry, {
    type: "sim.parked",
    at: entry.now,
    data: {
      sim: park.iccid,
      reason: park.reason,
      code: park.code,
      ...(until === undefined ? {} : { until }),
    },
  });
  return true;
}

/** Returns false when it is not parked. `by` names the person, or says that its time was over. */
export function releaseSim(
  ledger: Ledger,
  entry: Entry,
  sim: { readonly sim: number; readonly iccid: string },
  by: string,
): boolean {
  const { changes } = ledger.db
    .sql("update sim_parking set released_at = ?, released_by = ? where sim = ? and released_at is null")
    .run(entry.now, by, sim.sim);
  if (changes === 0) return false;
  ledger.append(entry, { type: "sim.released", at: entry.now, data: { sim: sim.iccid, by } });
  return true;
}

/** How long a SIM rests that was parked `before` times since it last sent something. */
export function parkedForMs(before: number): number {
  return Math.min(PARKED_MS_FIRST * 2 ** Math.min(before, 10), PARKED_MS_MAX);
}

function parkingsInARow(db: Database, sim: number): number {
  const row = db
    .sql(
      `select count(*) as count from sim_parking where sim = ? and since >
         coalesce((select started_at from attempt where sim = ? and outcome = 'accepted'
                   order by started_at desc limit 1), 0)`,
    )
    .get(sim, sim) as { count: number };
  return row.count;
}

/** Attempts that were handed over, for the meter. One that proved not to have left us is none. */
export function handedOver(db: Database, sim: number): HandedOver {
  return {
    count: (from) =>
      (
        db
          .sql(
            `select count(*) as count from attempt
             where sim = ? and started_at >= ? and outcome is not 'not-sent'`,
          )
          .get(sim, from) as { count: number }
      ).count,
    bySecond: (from) =>
      db
        .sql(
          `select (coalesce(ended_at, started_at) + 999) / 1000 * 1000 as at, count(*) as count from attempt
           where sim = ? and started_at >= ? and outcome is not 'not-sent' group by 1`,
        )
        .all(sim, from) as { at: number; count: number }[],
  };
}

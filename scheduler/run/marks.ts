/** Marks that outlive a restart, by name. */
import type { Database } from "#shared/sqlite.ts";

export type MarkName =
  /** The latest instant that a tick has seen. */
  | "clock.high-water"
  /** The instant up to which an operator has accepted a jump of the clock. */
  | "clock.accepted"
  /** Sequence of the last event read from the gateway's list. */
  | "gateway.cursor"
  | "gateway.webhook"
  | "gateway.webhook-secret"
  /** When a tick last worked to its end: how long we were away. */
  | "run.alive"
  /** When a catch-up that needs approval began, and when an operator approved one. */
  | "catch-up.since"
  | "catch-up.approved"
  | "scan.last"
  | "housekeeping.last";

export interface Marks {
  get(name: MarkName): string | undefined;
  number(name: MarkName): number | undefined;
  /** Inside a transaction. */
  set(name: MarkName, value: string | number): void;
  /** Inside a transaction. */
  clear(name: MarkName): void;
}

export function createMarks(db: Database): Marks {
  const get = (name: MarkName): string | undefined =>
    (db.sql("select value from run_mark where name = ?").get(name) as { value: string } | undefined)?.value;
  return {
    get,
    number: (name) => {
      const value = get(name);
      return value === undefined ? undefined : Number(value);
    },
    set: (name, value) => {
      db.sql(
        "insert into run_mark (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
      ).run(name, String(value));
    },
    clear: (name) => {
      db.sql("delete from run_mark where name = ?").run(name);
    },
  };
}

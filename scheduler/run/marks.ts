/** Marks that outlive a restart, by name. */
import type { Database } from "#shared/sqlite.ts";

export type MarkName =
  /** The latest instant that a tick has seen, to half a minute: also when we last worked. */
  | "clock.high-water"
  /** The instant up to which an operator has accepted a jump of the clock. */
  | "clock.accepted"
  /** By how many milliseconds it was ahead of the time that is believed next; until its cases are moved. */
  | "clock.ahead"
  /** Sequence of the last event read from the gateway's list. */
  | "gateway.cursor"
  | "gateway.webhook"
  | "gateway.webhook-secret"
  /** Why a catch-up waits for approval, and who approved the last one when. */
  | "catch-up.since"
  | "catch-up.approved"
  /** The place up to which the chain of evidence was found whole: sequence:hash. */
  | "evidence.verified";

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

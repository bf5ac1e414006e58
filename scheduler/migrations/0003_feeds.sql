-- How far each feed of a creditor reaches.
create table feed (
  creditor_id integer not null references creditor,
  source text not null,
  carries text not null check (carries in ('receivables', 'payments')),
  as_of integer not null,
  received_at integer not null,
  primary key (creditor_id, source, carries)
) strict, without rowid;

-- How the columns of a source were understood the last time, for the next file of the same shape.
create table import_mapping (
  creditor_id integer not null references creditor,
  source text not null,
  -- JSON: header text to field, and the date and decimal styles.
  mapping text not null,
  used_at integer not null,
  primary key (creditor_id, source)
) strict, without rowid;

create table import_run (
  id text primary key,
  creditor_id integer not null references creditor,
  source text not null,
  carries text not null,
  file_name text not null,
  as_of integer not null,
  full_list integer not null check (full_list in (0, 1)),
  actor text not null,
  started_at integer not null,
  ended_at integer,
  state text not null check (state in ('applying', 'applied', 'cancelled')),
  -- JSON: rows read, created, updated, unchanged, refused, closed.
  counts text not null
) strict, without rowid;

create index import_run_started on import_run (creditor_id, started_at);

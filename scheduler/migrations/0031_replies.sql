create table reply (
  -- The gateway's id of the inbound message.
  id text primary key,
  at integer not null,
  number text not null,
  text text not null,
  sim text,
  -- stop, start, help, wrong-party or other; sure = 0 when a person must look.
  intent text not null,
  sure integer not null check (sure in (0, 1)),
  debtor_id integer references debtor,
  case_id integer references dunning_case,
  -- Key of the occurrence that answered it, if one did.
  answered_by text
) strict, without rowid;

create index reply_number on reply (number, at);
create index reply_case on reply (case_id, at) where case_id is not null;

-- Work for a person. One open task of a kind and subject at a time.
create table task (
  id text primary key,
  kind text not null,
  subject text not null,
  case_id integer references dunning_case,
  debtor_id integer references debtor,
  detail text not null,
  opened_at integer not null,
  -- How often its cause came back while it was open.
  repeats integer not null default 0,
  closed_at integer,
  closed_by text,
  outcome text
) strict, without rowid;

create unique index task_open on task (kind, subject) where closed_at is null;
create index task_case on task (case_id) where case_id is not null;
create index task_opened on task (opened_at);

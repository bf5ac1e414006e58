-- What was done for a case. A row is committed before the gateway hears of it; its key is unique for ever.
create table occurrence (
  id integer primary key,
  key text not null unique,
  case_id integer not null references dunning_case,
  debtor_id integer not null references debtor,
  policy_version text not null,
  step_id text not null,
  stage text not null,
  anchor_kind text not null check (anchor_kind in ('receivable', 'case', 'promise', 'reply', 'manual')),
  anchor_id text not null,
  anchor_sequence integer not null,
  sequence integer not null,
  class text not null,
  channel text not null,
  contact_point_id integer references contact_point,
  number text,
  -- JSON: the receivables that the message speaks of, as the decision saw them.
  covers text not null,
  state text not null,
  reason text,
  planned_for integer not null,
  -- The instant that counts against contact caps.
  contact_at integer,
  created_at integer not null,
  handed_over_at integer,
  submitted_at integer,
  delivered_at integer,
  ended_at integer,
  gateway_id text unique
) strict;

create index occurrence_case on occurrence (case_id);
create index occurrence_debtor_contact on occurrence (debtor_id, contact_at) where contact_at is not null;
create index occurrence_number_contact on occurrence (number, contact_at) where contact_at is not null;
create index occurrence_pending on occurrence (state, planned_for)
  where state in ('planned', 'approved', 'reserved', 'handed-over', 'submitted', 'unknown');

-- A number that said STOP: to one creditor, or to all (creditor_id 0).
create table opt_out (
  number text not null,
  creditor_id integer not null,
  at integer not null,
  actor text not null,
  reason text not null,
  primary key (number, creditor_id)
) strict, without rowid;

create table promise (
  id text primary key,
  case_id integer not null references dunning_case,
  episode integer not null,
  amount integer not null check (amount > 0),
  due_date text not null,
  state text not null,
  made_at integer not null,
  changed_at integer not null
) strict, without rowid;

create index promise_case on promise (case_id);

-- What callers handed over. The rows are the truth: what memory holds of them is rebuilt at start.

create table message (
  number integer primary key,
  id text not null unique,
  key_id text not null,
  -- Derived from the segments, in the transaction that moves one of them; what the last event told.
  -- While a modem has a segment the message is `submitting`: that is read from the segments alone.
  state text not null,
  -- How many events tell of this message; the newest has this place in its history.
  events integer not null default 0,
  recipient text not null,
  text text not null,
  alphabet text not null check (alphabet in ('gsm7', 'ucs2')),
  priority integer not null check (priority between 0 and 9),
  not_before integer,
  not_after integer,
  validity_seconds integer,
  class integer check (class between 0 and 3),
  wanted_sim text,
  reference text,
  metadata text,
  report integer not null check (report in (0, 1)),
  transliterate integer not null check (transliterate in (0, 1)),
  on_unknown text not null check (on_unknown in ('hold', 'resend')),
  -- 3GPP TS 23.040 9.2.3.24.1; absent for a message of one segment.
  concatenation_reference integer check (concatenation_reference between 0 and 255),
  segments integer not null check (segments between 1 and 255),
  accepted_at integer not null,
  submitted_at integer,
  delivered_at integer
) strict;

create index message_by_time on message (accepted_at);
create index message_by_key on message (key_id, accepted_at);
create index message_by_state on message (state, accepted_at);
create index message_by_recipient on message (recipient, accepted_at);
create index message_by_reference on message (reference, accepted_at) where reference is not null;

create table segment (
  message integer not null references message (number),
  number integer not null check (number between 1 and 255),
  state text not null,
  -- Absent where the segment is the whole message as it was written.
  text text,
  -- After a refusal: the earliest time of the next try.
  not_before integer,
  submitted_at integer,
  delivered_at integer,
  -- When a report that has not come is marked as overdue.
  report_due_at integer,
  reason text,
  code text,
  primary key (message, number)
) strict, without rowid;

create index segment_open on segment (state) where state in ('queued', 'submitting', 'unknown');
create index segment_due on segment (report_due_at) where state = 'submitted' and report_due_at is not null;

-- Each time that a segment was handed to a modem. Written before the first octet leaves.
create table attempt (
  message integer not null,
  segment integer not null,
  try integer not null,
  sim integer not null references sim (number),
  modem text not null,
  started_at integer not null,
  ended_at integer,
  -- Absent while the modem has it.
  outcome text check (outcome in ('accepted', 'refused', 'not-sent', 'unknown')),
  -- TP-MR as the modem gave it, or as a report proved it.
  message_reference integer,
  -- For an unknown outcome: the reference that the SIM would have given next, where that is known.
  expected_reference integer,
  error_family text,
  error_code integer,
  action text,
  detail text,
  primary key (message, segment, try),
  foreign key (message, segment) references segment (message, number)
) strict, without rowid;

create index attempt_by_sim on attempt (sim, started_at);
create index attempt_by_reference on attempt (sim, message_reference, started_at)
  where outcome in ('accepted', 'unknown');

create table idempotency (
  key_id text not null,
  key text not null,
  body_hash text not null,
  -- The messages of one request have neighbouring numbers, because one transaction stores them.
  first_message integer not null,
  messages integer not null,
  created_at integer not null,
  primary key (key_id, key)
) strict, without rowid;

create index idempotency_by_age on idempotency (created_at);

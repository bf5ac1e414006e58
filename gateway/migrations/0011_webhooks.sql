-- Where events are posted to, how far each receiver has come, and what is still owed to it.

create table webhook (
  number integer primary key,
  id text not null unique,
  -- The key that made it: the receiver sees what this key may see.
  key_id text not null,
  url text not null,
  -- JSON list of event types; absent: all.
  events text,
  description text,
  secret text not null,
  -- Signs beside the new secret until then.
  previous_secret text,
  previous_until integer,
  enabled integer not null check (enabled in (0, 1)),
  disabled_reason text,
  created_at integer not null,
  last_success_at integer,
  last_failure_at integer
) strict;

-- Ranges of the event log that a receiver is still to be sent: one without an end for what happens
-- from now on, and one for each replay.
create table webhook_range (
  number integer primary key,
  webhook integer not null references webhook (number) on delete cascade,
  -- Events up to this sequence have rows in webhook_delivery, or are not for this receiver.
  after integer not null,
  until integer
) strict;

create index webhook_range_of on webhook_range (webhook);

create table webhook_delivery (
  number integer primary key,
  webhook integer not null references webhook (number) on delete cascade,
  event_id text not null,
  sequence integer not null,
  type text not null,
  message_id text,
  state text not null check (state in ('pending', 'delivered', 'failed')),
  attempts integer not null default 0,
  -- How many of them were made before a replay asked for it once more.
  attempts_before integer not null default 0,
  next_at integer,
  created_at integer not null,
  unique (webhook, event_id)
) strict;

create index webhook_delivery_pending on webhook_delivery (webhook, sequence) where state = 'pending';
create index webhook_delivery_message on webhook_delivery (webhook, message_id, sequence)
  where state = 'pending' and message_id is not null;

create index webhook_delivery_settled on webhook_delivery (created_at) where state <> 'pending';

create table webhook_attempt (
  delivery integer not null references webhook_delivery (number) on delete cascade,
  try integer not null,
  at integer not null,
  duration_ms integer not null,
  status integer,
  error text,
  -- The first characters of the answer, with numbers masked.
  response text,
  primary key (delivery, try)
) strict, without rowid;

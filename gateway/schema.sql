CREATE TABLE api_key (
  id text primary key,
  name text not null,
  shown text not null,
  hash text not null unique,
  scopes text not null,
  created_at integer not null,
  expires_at integer,
  revoked_at integer,
  last_used_at integer
) strict;

CREATE TABLE attempt (
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
  detail text, awaiting_storage text,
  primary key (message, segment, try),
  foreign key (message, segment) references segment (message, number)
) strict, without rowid;

CREATE TABLE attempt_evidence (
  number integer primary key,
  message integer not null,
  segment integer not null,
  try integer not null,
  kind text not null,
  at integer not null,
  -- One sentence.
  saw text not null,
  -- `nothing`: it was looked for, and does not tell.
  verdict text not null check (verdict in ('sent', 'not-sent', 'nothing')),
  -- For a decision: the id of the key, and what the person chose.
  decided_by text,
  decision text,
  foreign key (message, segment, try) references attempt (message, segment, try)
) strict;

CREATE TABLE event (
  -- Never used twice: the newest row is never deleted.
  sequence integer primary key,
  id text not null unique,
  type text not null,
  at integer not null,
  message integer references message (number),
  message_sequence integer,
  -- What the message's own row does not say, as JSON.
  data text
) strict;

CREATE TABLE idempotency (
  key_id text not null,
  key text not null,
  body_hash text not null,
  -- The messages of one request have neighbouring numbers, because one transaction stores them.
  first_message integer not null,
  messages integer not null,
  created_at integer not null,
  primary key (key_id, key)
) strict, without rowid;

CREATE TABLE inbound (
  number integer primary key,
  id text not null unique,
  sim integer not null references sim (number),
  sender text not null,
  text text,
  data text,
  sent_at text,
  received_at integer not null,
  segments integer not null,
  complete integer not null check (complete in (0, 1))
) strict;

CREATE TABLE inbound_part (
  number integer primary key,
  sim integer not null references sim (number),
  pdu text not null,
  pdu_hash text not null,
  storage text,
  storage_index integer,
  received_at integer not null,
  sender text,
  reference_bits integer check (reference_bits in (8, 16)),
  reference integer,
  total integer,
  sequence integer,
  -- The message that it became part of; absent while others are missing.
  inbound integer references inbound (number),
  -- Why it could not be decoded.
  error text
) strict;

CREATE TABLE message (
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
, evidence text check (evidence in ('stored'))) strict;

CREATE TABLE pin_try (
  iccid text not null,
  pin_hash text not null,
  tried_at integer not null,
  primary key (iccid, pin_hash)
) strict, without rowid;

CREATE TABLE recipient (
  number text not null primary key,
  -- The SIM of the last message, because people expect the same sender.
  sim integer references sim (number),
  -- The last concatenation reference: two long messages never share one within 255.
  concatenation_reference integer
) strict, without rowid;

CREATE TABLE report (
  number integer primary key,
  sim integer not null references sim (number),
  received_at integer not null,
  pdu text not null,
  -- Absent when the PDU could not be decoded.
  message_reference integer,
  recipient text,
  -- TP-ST (3GPP TS 23.040 9.2.3.15).
  status integer,
  -- TP-SCTS as it came: the same in every report about one submit.
  stamp text,
  -- TP-DT in ISO 8601.
  discharged_at text,
  disposition text not null
    check (disposition in ('matched', 'repeated', 'waiting', 'undecodable')),
  message integer,
  segment integer,
  try integer,
  detail text,
  foreign key (message, segment, try) references attempt (message, segment, try)
) strict;

CREATE TABLE schema_migration (number integer primary key, name text not null, checksum text not null) strict;

CREATE TABLE segment (
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

CREATE TABLE sim (
  number integer primary key,
  iccid text not null unique,
  imsi text not null,
  modem text not null,
  first_seen_at integer not null,
  last_seen_at integer not null
) strict;

CREATE TABLE sim_parking (
  number integer primary key,
  sim integer not null references sim (number),
  since integer not null,
  -- Absent: until a person releases it.
  until integer,
  reason text not null,
  code text not null,
  released_at integer,
  released_by text
) strict;

CREATE TABLE stored_entry (
  message integer not null,
  segment integer not null,
  try integer not null,
  sim integer not null references sim (number),
  modem text not null,
  storage text not null,
  storage_index integer not null,
  fingerprint text not null,
  primary key (message, segment, try),
  foreign key (message, segment, try) references attempt (message, segment, try)
) strict, without rowid;

CREATE TABLE webhook (
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

CREATE TABLE webhook_attempt (
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

CREATE TABLE webhook_delivery (
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

CREATE TABLE webhook_range (
  number integer primary key,
  webhook integer not null references webhook (number) on delete cascade,
  -- Events up to this sequence have rows in webhook_delivery, or are not for this receiver.
  after integer not null,
  until integer
) strict;

CREATE INDEX attempt_awaiting_storage on attempt (sim, modem) where awaiting_storage is not null;

CREATE INDEX attempt_by_reference on attempt (sim, message_reference, started_at)
  where outcome in ('accepted', 'unknown');

CREATE INDEX attempt_by_sim on attempt (sim, started_at);

CREATE INDEX attempt_evidence_of on attempt_evidence (message, segment, try);

CREATE INDEX idempotency_by_age on idempotency (created_at);

CREATE INDEX inbound_by_sender on inbound (sender, number);

CREATE INDEX inbound_part_by_age on inbound_part (number) where inbound is null and error is null;

CREATE INDEX inbound_part_by_pdu on inbound_part (sim, pdu_hash);

CREATE INDEX inbound_part_of on inbound_part (inbound) where inbound is not null;

CREATE INDEX inbound_part_orphan on inbound_part (sim, sender, reference, total, reference_bits)
  where inbound is null and error is null;

CREATE INDEX message_by_key on message (key_id, accepted_at);

CREATE INDEX message_by_recipient on message (recipient, accepted_at);

CREATE INDEX message_by_reference on message (reference, accepted_at) where reference is not null;

CREATE INDEX message_by_state on message (state, accepted_at);

CREATE INDEX message_by_time on message (accepted_at);

CREATE INDEX report_by_attempt on report (message, segment, try) where message is not null;

CREATE INDEX report_waiting on report (sim, received_at) where disposition = 'waiting';

CREATE INDEX segment_due on segment (report_due_at) where state = 'submitted' and report_due_at is not null;

CREATE INDEX segment_open on segment (state) where state in ('queued', 'submitting', 'unknown');

CREATE UNIQUE INDEX sim_parked on sim_parking (sim) where released_at is null;

CREATE INDEX sim_parking_by_sim on sim_parking (sim, since);

CREATE INDEX stored_entry_by_sim on stored_entry (sim, modem);

CREATE INDEX webhook_delivery_message on webhook_delivery (webhook, message_id, sequence)
  where state = 'pending' and message_id is not null;

CREATE INDEX webhook_delivery_pending on webhook_delivery (webhook, sequence) where state = 'pending';

CREATE INDEX webhook_delivery_settled on webhook_delivery (created_at) where state <> 'pending';

CREATE INDEX webhook_range_of on webhook_range (webhook);

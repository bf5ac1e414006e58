-- Received messages. Each PDU is a row of its own before the modem's copy is deleted.

create table inbound (
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

create index inbound_by_sender on inbound (sender, number);

create table inbound_part (
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

create index inbound_part_by_pdu on inbound_part (sim, pdu_hash);
create index inbound_part_orphan on inbound_part (sim, sender, reference, total, reference_bits)
  where inbound is null and error is null;
create index inbound_part_by_age on inbound_part (number) where inbound is null and error is null;
create index inbound_part_of on inbound_part (inbound) where inbound is not null;

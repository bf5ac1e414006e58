-- SIMs by their ICCID, wherever they are plugged in.

create table sim (
  number integer primary key,
  iccid text not null unique,
  imsi text not null,
  modem text not null,
  first_seen_at integer not null,
  last_seen_at integer not null
) strict;

create table sim_parking (
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

create unique index sim_parked on sim_parking (sim) where released_at is null;
create index sim_parking_by_sim on sim_parking (sim, since);

-- A PIN that was tried and refused once is never tried again: the third refusal locks the SIM.
create table pin_try (
  iccid text not null,
  pin_hash text not null,
  tried_at integer not null,
  primary key (iccid, pin_hash)
) strict, without rowid;

-- What must be remembered of each recipient between messages.
create table recipient (
  number text not null primary key,
  -- The SIM of the last message, because people expect the same sender.
  sim integer references sim (number),
  -- The last concatenation reference: two long messages never share one within 255.
  concatenation_reference integer
) strict, without rowid;

-- Everything that happens, in one sequence. A state change and its event are in one transaction.

create table event (
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

-- What exactly was handed to the gateway for an occurrence: a retry repeats it octet by octet, because the
-- gateway refuses a known key with another body.
create table outgoing (
  occurrence_id integer primary key references occurrence,
  -- JSON of POST /v1/messages.
  body text not null,
  template text not null,
  segments integer not null,
  -- Millionths of the currency unit in the settings, by the price of a segment at that time.
  cost_micro integer not null,
  not_after integer not null,
  attempts integer not null,
  -- A person had approved the step when it was reserved.
  approved integer not null check (approved in (0, 1)),
  -- Not tried again before this.
  retry_at integer not null,
  -- The state in which the gateway last said the message is, and when it was asked.
  asked_at integer not null,
  -- While a cancellation must still reach the gateway: the rule that wants it.
  recall_rule text
) strict;

create index outgoing_recall on outgoing (occurrence_id) where recall_rule is not null;

-- Ids of events already taken, from webhooks and from the list alike.
create table gateway_event (
  id text primary key,
  at integer not null
) strict, without rowid;

create index gateway_event_at on gateway_event (at);

-- The SIM a debtor knows us by, so that replies come back to a number that they have seen.
create table sticky_sim (
  debtor_id integer primary key references debtor,
  iccid text not null,
  at integer not null
) strict;

-- Marks that must outlive a restart: the clock's high water, the gateway's event cursor, and the like.
create table run_mark (
  name text primary key,
  value text not null
) strict, without rowid;

-- Why something was or was not done. A row holds until the next row of its case.
create table decision (
  case_id integer not null references dunning_case,
  at integer not null,
  -- The local day of the debtor.
  day text not null,
  kind text not null,
  -- JSON array of rule ids.
  rules text not null,
  detail text not null,
  -- When the case is looked at again.
  next_at integer,
  -- The last time that the same was decided.
  confirmed_at integer not null,
  primary key (case_id, at)
) strict, without rowid;

create index decision_at on decision (at);

create table scan (
  id integer primary key,
  started_at integer not null,
  ended_at integer not null,
  cases integer not null,
  differences integer not null,
  -- JSON: the first differences, with case code, stored and computed instant.
  samples text not null
) strict;

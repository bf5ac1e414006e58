-- Amounts are minor units of the case's currency, instants are milliseconds since 1970, dates are
-- 'YYYY-MM-DD' on the debtor's calendar. `version` is the source's own, `as_of` is how fresh its word was.

create table creditor (
  id integer primary key,
  external_id text not null unique,
  name text not null,
  role text not null check (role in ('creditor', 'collector')),
  time_zone text not null,
  jurisdiction text not null,
  language text not null,
  -- How debtors reach a person there.
  contact text,
  payment_instructions text not null,
  version integer,
  as_of integer not null
) strict;

create table debtor (
  id integer primary key,
  creditor_id integer not null references creditor,
  external_id text not null,
  name text not null,
  kind text not null check (kind in ('consumer', 'business')),
  language text not null,
  time_zone text,
  jurisdiction text not null,
  segment text not null,
  version integer,
  as_of integer not null
) strict;

create unique index debtor_external on debtor (creditor_id, external_id);

create table contact_point (
  id integer primary key,
  debtor_id integer not null references debtor,
  channel text not null check (channel in ('sms', 'email', 'post', 'phone')),
  number text not null,
  -- ISO 3166-1 alpha-2 of the number, where it has one.
  country text,
  consent_state text not null check (consent_state in ('unknown', 'given', 'withdrawn')),
  consent_source text,
  consent_at integer,
  state text not null,
  score integer not null,
  permanent_failures integer not null default 0,
  last_delivered_at integer,
  last_inbound_at integer,
  rank integer not null,
  -- The feed that gave it; when that feed gives another one instead, this one is not listed any more.
  listed_by text not null,
  listed integer not null check (listed in (0, 1))
) strict;

create unique index contact_point_of on contact_point (debtor_id, channel, number);
create index contact_point_number on contact_point (number);

create table dunning_case (
  id integer primary key,
  code text not null unique,
  creditor_id integer not null references creditor,
  debtor_id integer not null references debtor,
  currency text not null,
  stage text not null,
  episode integer not null,
  settled_at integer,
  settled_as text check (settled_as in ('paid', 'credited', 'written-off', 'cancelled')),
  version integer not null,
  next_action_at integer,
  -- 1 while only a fresher payments feed stands in the way: the feed's arrival moves these and no others.
  waits_for_feed integer not null default 0 check (waits_for_feed in (0, 1))
) strict;

create unique index case_of on dunning_case (debtor_id, currency);
create index case_next_action on dunning_case (next_action_at) where next_action_at is not null;
create index case_creditor on dunning_case (creditor_id);
create index case_waits_for_feed on dunning_case (creditor_id) where waits_for_feed = 1;

create table receivable (
  id integer primary key,
  creditor_id integer not null references creditor,
  case_id integer not null references dunning_case,
  external_id text not null,
  version integer,
  as_of integer not null,
  principal integer not null check (principal > 0),
  issue_date text,
  due_date text not null,
  due_date_sequence integer not null,
  description text,
  state text not null check (state in ('open', 'cancelled', 'absent')),
  first_seen_at integer not null,
  -- The case's episode in which it was last open.
  episode integer not null,
  disputed integer not null check (disputed in (0, 1)),
  -- The feed that gave it: only a full list of the same feed may find it absent.
  listed_by text not null,
  -- Index only: 1 while the ledger's sum of the item is above zero. Set with every posting.
  is_open integer not null check (is_open in (0, 1))
) strict;

create unique index receivable_external on receivable (creditor_id, external_id);
create index receivable_case on receivable (case_id, is_open);

create table ledger_entry (
  id integer primary key,
  creditor_id integer not null references creditor,
  -- Empty until the debtor or the receivable that it names is known.
  case_id integer references dunning_case,
  external_id text not null,
  kind text not null check (kind in ('payment', 'credit-note', 'fee', 'interest', 'write-off')),
  amount integer not null check (amount > 0),
  currency text not null,
  entry_date text not null,
  -- JSON array of external ids of receivables, as the source named them.
  refs text not null,
  -- External id of the debtor, as the source named it.
  debtor_ref text,
  reversed_at integer,
  recorded_at integer not null,
  version integer,
  as_of integer not null
) strict;

create unique index ledger_entry_external on ledger_entry (creditor_id, kind, external_id);
create index ledger_entry_case on ledger_entry (case_id) where case_id is not null;
create index ledger_entry_waiting on ledger_entry (creditor_id, debtor_ref) where case_id is null;

-- Which waiting entries name a receivable that has not come yet.
create table waiting_reference (
  creditor_id integer not null references creditor,
  receivable_ref text not null,
  entry_id integer not null references ledger_entry,
  primary key (creditor_id, receivable_ref, entry_id)
) strict, without rowid;

-- What an entry does to an item: fee and interest above zero, the others below. An item's open amount is
-- its principal plus the sum of its postings. Payments and credit notes are posted anew with every change
-- of the case, by one pure rule, so the order in which facts arrive leaves no trace.
create table posting (
  receivable_id integer not null references receivable,
  entry_id integer not null references ledger_entry,
  case_id integer not null references dunning_case,
  kind text not null,
  amount integer not null check (amount <> 0),
  primary key (receivable_id, entry_id)
) strict, without rowid;

create index posting_case on posting (case_id);

create table hold (
  id text primary key,
  creditor_id integer not null references creditor,
  debtor_id integer not null references debtor,
  kind text not null check (kind in ('dispute', 'vulnerable', 'legal', 'insolvency', 'manual')),
  scope text not null check (scope in ('debtor', 'case', 'item')),
  target_id integer not null,
  until text,
  reviewer text,
  reason text not null,
  placed_by text not null,
  placed_at integer not null,
  ended_at integer,
  ended_by text
) strict, without rowid;

create index hold_debtor on hold (debtor_id) where ended_at is null;

create table event (
  sequence integer primary key,
  at integer not null,
  actor text not null,
  kind text not null,
  creditor_id integer not null,
  debtor_id integer,
  case_id integer,
  receivable_id integer,
  data text
) strict;

create index event_debtor on event (debtor_id) where debtor_id is not null;

-- A change of a creditor concerns every one of its cases; they are moved in small steps, and this row says
-- how far that has come, so that a restart goes on where the last step ended.
create table reindex (
  id integer primary key,
  creditor_id integer not null references creditor,
  scope text not null check (scope in ('all', 'waits-for-feed')),
  after_case_id integer not null,
  action_at integer not null
) strict;

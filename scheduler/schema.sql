-- Made by the migrations; do not edit. `vitest run test/scheduler/ledger/schema.test.ts -u`

CREATE TRIGGER evidence_event_added before insert on evidence_event
when new.sequence is not (select coalesce(max(sequence), 0) + 1 from evidence_event)
begin select raise(abort, 'evidence is added after the last of its chain'); end;

CREATE TRIGGER evidence_event_fixed before update on evidence_event
when (new.sequence, new.at, new.kind, new.case_code, new.occurrence_key, new.commitment, new.hash)
    is not (old.sequence, old.at, old.kind, old.case_code, old.occurrence_key, old.commitment, old.hash)
  or new.details is not null or new.salt is not null
begin select raise(abort, 'evidence is never changed; its details can only be erased'); end;

CREATE TRIGGER evidence_event_kept before delete on evidence_event
begin select raise(abort, 'evidence is never removed'); end;

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

CREATE TABLE contact_point (
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

CREATE TABLE creditor (
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

CREATE TABLE debtor (
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

CREATE TABLE decision (
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

CREATE TABLE dunning_case (
  id integer primary key,
  code text not null unique,
  creditor_id integer not null references creditor,
  debtor_id integer not null references debtor,
  currency text not null,
  stage text not null,
  episode integer not null,
  settled_at integer,
  settled_as text check (settled_as in ('paid', 'credited', 'written-off', 'cancelled')),
  next_action_at integer,
  -- 1 while only a fresher payments feed stands in the way: the feed's arrival moves these and no others.
  waits_for_feed integer not null default 0 check (waits_for_feed in (0, 1))
) strict;

CREATE TABLE event (
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

CREATE TABLE evidence_event (
  sequence integer primary key,
  at integer not null,
  kind text not null,
  case_code text not null,
  -- Key of the message that it is about; empty for what is about none.
  occurrence_key text not null,
  -- Hexadecimal SHA-256 of the salt and the details.
  commitment text not null,
  -- Hexadecimal SHA-256 over the hash before and all of the above.
  hash text not null,
  -- JSON, and 32 octets; both null once they are erased.
  details text,
  salt blob,
  check ((details is null) = (salt is null))
) strict;

CREATE TABLE feed (
  creditor_id integer not null references creditor,
  source text not null,
  carries text not null check (carries in ('receivables', 'payments')),
  as_of integer not null,
  received_at integer not null,
  primary key (creditor_id, source, carries)
) strict, without rowid;

CREATE TABLE gateway_event (
  id text primary key,
  at integer not null
) strict, without rowid;

CREATE TABLE hold (
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

CREATE TABLE holiday (
  jurisdiction text not null,
  date text not null,
  name text not null,
  source text not null,
  changed_at integer not null,
  -- Taken out by a person: it stays, so that it is not seeded again.
  removed integer not null default 0 check (removed in (0, 1)),
  primary key (jurisdiction, date)
) strict, without rowid;

CREATE TABLE holiday_year (
  jurisdiction text not null,
  year integer not null,
  seeded_at integer not null,
  primary key (jurisdiction, year)
) strict, without rowid;

CREATE TABLE import_mapping (
  creditor_id integer not null references creditor,
  source text not null,
  -- JSON: header text to field, and the date and decimal styles.
  mapping text not null,
  used_at integer not null,
  primary key (creditor_id, source)
) strict, without rowid;

CREATE TABLE import_run (
  id text primary key,
  creditor_id integer not null references creditor,
  source text not null,
  carries text not null,
  file_name text not null,
  as_of integer not null,
  full_list integer not null check (full_list in (0, 1)),
  actor text not null,
  started_at integer not null,
  ended_at integer,
  state text not null check (state in ('applying', 'applied', 'cancelled')),
  -- JSON: rows read, created, updated, unchanged, refused, closed.
  counts text not null
) strict, without rowid;

CREATE TABLE law_pack (
  jurisdiction text not null,
  version integer not null,
  document text not null,
  created_at integer not null,
  created_by text not null,
  primary key (jurisdiction, version)
) strict, without rowid;

CREATE TABLE ledger_entry (
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

CREATE TABLE occurrence (
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

CREATE TABLE opt_out (
  number text not null,
  creditor_id integer not null,
  at integer not null,
  actor text not null,
  reason text not null,
  primary key (number, creditor_id)
) strict, without rowid;

CREATE TABLE outgoing (
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

CREATE TABLE policy_assignment (
  creditor text not null,
  segment text not null,
  policy text not null,
  since text not null,
  assigned_at integer not null,
  assigned_by text not null,
  primary key (creditor, segment)
) strict, without rowid;

CREATE TABLE policy_version (
  name text not null,
  version integer not null,
  -- The document as JSON, as it was read.
  document text not null,
  sha256 text not null,
  created_at integer not null,
  created_by text not null,
  primary key (name, version)
) strict, without rowid;

CREATE TABLE posting (
  receivable_id integer not null references receivable,
  entry_id integer not null references ledger_entry,
  case_id integer not null references dunning_case,
  kind text not null,
  amount integer not null check (amount <> 0),
  primary key (receivable_id, entry_id)
) strict, without rowid;

CREATE TABLE promise (
  id text primary key,
  case_id integer not null references dunning_case,
  episode integer not null,
  amount integer not null check (amount > 0),
  due_date text not null,
  state text not null,
  made_at integer not null,
  changed_at integer not null
) strict, without rowid;

CREATE TABLE receivable (
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

CREATE TABLE reindex (
  id integer primary key,
  creditor_id integer not null references creditor,
  scope text not null check (scope in ('all', 'waits-for-feed')),
  after_case_id integer not null,
  action_at integer not null
) strict;

CREATE TABLE reply (
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

CREATE TABLE run_mark (
  name text primary key,
  value text not null
) strict, without rowid;

CREATE TABLE scan (
  id integer primary key,
  started_at integer not null,
  ended_at integer not null,
  cases integer not null,
  differences integer not null,
  -- JSON: the first differences, with case code, stored and computed instant.
  samples text not null
) strict;

CREATE TABLE schema_migration (number integer primary key, name text not null, checksum text not null) strict;

CREATE TABLE sticky_sim (
  debtor_id integer primary key references debtor,
  iccid text not null,
  at integer not null
) strict;

CREATE TABLE task (
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

CREATE TABLE template_version (
  key text not null,
  language text not null,
  version integer not null,
  text text not null,
  state text not null check (state in ('draft', 'approved', 'retired')),
  asks_reason integer not null check (asks_reason in (0, 1)),
  transliterate integer not null check (transliterate in (0, 1)),
  lint text not null,
  created_at integer not null,
  created_by text not null,
  approved_at integer,
  approved_by text,
  primary key (key, language, version)
) strict, without rowid;

CREATE TABLE waiting_reference (
  creditor_id integer not null references creditor,
  receivable_ref text not null,
  entry_id integer not null references ledger_entry,
  primary key (creditor_id, receivable_ref, entry_id)
) strict, without rowid;

CREATE INDEX case_creditor on dunning_case (creditor_id);

CREATE INDEX case_next_action on dunning_case (next_action_at) where next_action_at is not null;

CREATE UNIQUE INDEX case_of on dunning_case (debtor_id, currency);

CREATE INDEX case_waits_for_feed on dunning_case (creditor_id) where waits_for_feed = 1;

CREATE INDEX contact_point_number on contact_point (number);

CREATE UNIQUE INDEX contact_point_of on contact_point (debtor_id, channel, number);

CREATE UNIQUE INDEX debtor_external on debtor (creditor_id, external_id);

CREATE INDEX decision_at on decision (at);

CREATE INDEX event_debtor on event (debtor_id) where debtor_id is not null;

CREATE INDEX evidence_event_case on evidence_event (case_code, sequence);

CREATE INDEX gateway_event_at on gateway_event (at);

CREATE INDEX hold_debtor on hold (debtor_id) where ended_at is null;

CREATE INDEX import_run_started on import_run (creditor_id, started_at);

CREATE INDEX ledger_entry_case on ledger_entry (case_id) where case_id is not null;

CREATE UNIQUE INDEX ledger_entry_external on ledger_entry (creditor_id, kind, external_id);

CREATE INDEX ledger_entry_waiting on ledger_entry (creditor_id, debtor_ref) where case_id is null;

CREATE INDEX occurrence_case on occurrence (case_id);

CREATE INDEX occurrence_debtor_contact on occurrence (debtor_id, contact_at) where contact_at is not null;

CREATE INDEX occurrence_number_contact on occurrence (number, contact_at) where contact_at is not null;

CREATE INDEX occurrence_pending on occurrence (state, planned_for)
  where state in ('planned', 'approved', 'reserved', 'handed-over', 'submitted', 'unknown');

CREATE INDEX outgoing_recall on outgoing (occurrence_id) where recall_rule is not null;

CREATE INDEX posting_case on posting (case_id);

CREATE INDEX promise_case on promise (case_id);

CREATE INDEX receivable_case on receivable (case_id, is_open);

CREATE UNIQUE INDEX receivable_external on receivable (creditor_id, external_id);

CREATE INDEX reply_case on reply (case_id, at) where case_id is not null;

CREATE INDEX reply_number on reply (number, at);

CREATE INDEX task_case on task (case_id) where case_id is not null;

CREATE UNIQUE INDEX task_open on task (kind, subject) where closed_at is null;

CREATE INDEX task_opened on task (opened_at);

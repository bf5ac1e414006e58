-- Policies by version; a version is never changed. Which one holds is said by assignments.
create table policy_version (
  name text not null,
  version integer not null,
  -- The document as JSON, as it was read.
  document text not null,
  sha256 text not null,
  created_at integer not null,
  created_by text not null,
  primary key (name, version)
) strict, without rowid;

-- The most exact row wins: creditor and segment, creditor, segment, '*'. It names a policy; its newest
-- version holds. `since` is the first local day, from which on older debts enter by the rule for old debt.
create table policy_assignment (
  creditor text not null,
  segment text not null,
  policy text not null,
  since text not null,
  assigned_at integer not null,
  assigned_by text not null,
  primary key (creditor, segment)
) strict, without rowid;

-- A text by key, language and version. Only an approved one leaves; its lint report is kept with it.
create table template_version (
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

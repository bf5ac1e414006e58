-- Packs that an operator wrote; one replaces the shipped pack of its jurisdiction.
create table law_pack (
  jurisdiction text not null,
  version integer not null,
  document text not null,
  created_at integer not null,
  created_by text not null,
  primary key (jurisdiction, version)
) strict, without rowid;

-- Public holidays, seeded once for a year and then edited by people. `source` is 'seed' or who wrote it.
create table holiday (
  jurisdiction text not null,
  date text not null,
  name text not null,
  source text not null,
  changed_at integer not null,
  -- Taken out by a person: it stays, so that it is not seeded again.
  removed integer not null default 0 check (removed in (0, 1)),
  primary key (jurisdiction, date)
) strict, without rowid;

create table holiday_year (
  jurisdiction text not null,
  year integer not null,
  seeded_at integer not null,
  primary key (jurisdiction, year)
) strict, without rowid;

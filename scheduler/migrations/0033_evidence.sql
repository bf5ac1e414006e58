-- What was witnessed, in one chain for the whole database (scheduler/evidence). A row is only ever added, right
-- after the last one; erasure takes its details and its salt, and nothing else.
create table evidence_event (
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

create index evidence_event_case on evidence_event (case_code, sequence);

create trigger evidence_event_added before insert on evidence_event
when new.sequence is not (select coalesce(max(sequence), 0) + 1 from evidence_event)
begin select raise(abort, 'evidence is added after the last of its chain'); end;

create trigger evidence_event_fixed before update on evidence_event
when (new.sequence, new.at, new.kind, new.case_code, new.occurrence_key, new.commitment, new.hash)
    is not (old.sequence, old.at, old.kind, old.case_code, old.occurrence_key, old.commitment, old.hash)
  or new.details is not null or new.salt is not null
begin select raise(abort, 'evidence is never changed; its details can only be erased'); end;

create trigger evidence_event_kept before delete on evidence_event
begin select raise(abort, 'evidence is never removed'); end;

-- What was seen of attempts whose outcome nobody knew, and what their modem keeps for them.

-- How the message is sent so that more can be known of it later; absent: by AT+CMGS.
alter table message add column evidence text check (evidence in ('stored'));

create table attempt_evidence (
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

create index attempt_evidence_of on attempt_evidence (message, segment, try);

-- A PDU that lies on a modem since AT+CMGW. Written before AT+CMSS, taken away when the modem's copy is.
create table stored_entry (
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

create index stored_entry_by_sim on stored_entry (sim, modem);

-- Each status report as it came, matched or not.

create table report (
  number integer primary key,
  sim integer not null references sim (number),
  received_at integer not null,
  pdu text not null,
  -- Absent when the PDU could not be decoded.
  message_reference integer,
  recipient text,
  -- TP-ST (3GPP TS 23.040 9.2.3.15).
  status integer,
  -- TP-SCTS as it came: the same in every report about one submit.
  stamp text,
  -- TP-DT in ISO 8601.
  discharged_at text,
  disposition text not null
    check (disposition in ('matched', 'repeated', 'waiting', 'undecodable')),
  message integer,
  segment integer,
  try integer,
  detail text,
  foreign key (message, segment, try) references attempt (message, segment, try)
) strict;

-- Reports that fit nothing yet, because they overtook the modem's answer.
create index report_waiting on report (sim, received_at) where disposition = 'waiting';
create index report_by_attempt on report (message, segment, try) where message is not null;

-- Fingerprint of the PDU that this attempt puts on its modem before anything of it may go to the network.
-- Taken away when its place is in stored_entry, or when it goes without; so an attempt that was cut off
-- with it was never sent, and an unsent entry with this fingerprint was left over by it.
alter table attempt add column awaiting_storage text;

create index attempt_awaiting_storage on attempt (sim, modem) where awaiting_storage is not null;

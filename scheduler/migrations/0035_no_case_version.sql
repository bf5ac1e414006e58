-- A decision reads its facts and writes what follows in one transaction, so no older one has to be told apart.
alter table dunning_case drop column version;

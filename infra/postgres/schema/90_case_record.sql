-- The case record adds to the history and cannot change it. Nobody else adds.
grant usage on schema case_record to case_record, relay, projector, reader_auditor;

grant select, insert on
  case_record.events, case_record.links, case_record.inbox, case_record.reference_index, case_record.store_identity
to case_record;
grant select, insert, delete on case_record.waiting to case_record;
grant select, insert, update on case_record.positions to case_record;

grant select on case_record.events, case_record.links to relay, projector;
grant select on case_record.events, case_record.links, case_record.inbox to reader_auditor;

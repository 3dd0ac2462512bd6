-- How far the views were shown each stream: an end that was cut off afterwards is noticed by it. A view, so that the
-- auditor needs no way into the projector's own schema.
create view case_record.shown as select stream, version from projector.streams;
grant select on case_record.shown to reader_auditor;

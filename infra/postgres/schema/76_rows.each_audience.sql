-- Which rows the reader of {audience} is given: those of cases in which a unit takes part that it reads for, or which a
-- unit of its territory leads; a standing audience all; and of a sealed case nothing, unless its unit keeps sight of it.
-- The reader says for whom it reads, for one transaction: chungtay.units and chungtay.leaders (events.competence). Who
-- says nothing is given nothing. It catches a condition that was forgotten; a service that lies is not held up by it.
alter table view_{audience}.case_files add column sealed_to text[]; -- units that keep sight; null: not sealed

alter table view_{audience}.case_files enable row level security;
create policy the_projector_keeps_all on view_{audience}.case_files to projector using (true) with check (true);
create policy a_reader_is_given_its_cases on view_{audience}.case_files for select to reader_{audience} using (
  current_setting('chungtay.units', true) <> ''
  and (
    '{audience}' in ('coordinator', 'auditor')
    or units && string_to_array(current_setting('chungtay.units', true), ',')
    or lead_unit = any(string_to_array(current_setting('chungtay.leaders', true), ','))
  )
  and (
    '{audience}' = 'auditor'
    or sealed_to is null
    or sealed_to && string_to_array(current_setting('chungtay.units', true), ',')
  )
);

alter table view_{audience}.entries enable row level security;
create policy the_projector_keeps_all on view_{audience}.entries to projector using (true) with check (true);
create policy a_reader_is_given_those_of_its_files on view_{audience}.entries for select to reader_{audience} using (
  exists (select from view_{audience}.case_files as f where f.stream = entries.stream)
);

alter table view_{audience}.case_references enable row level security;
create policy the_projector_keeps_all on view_{audience}.case_references to projector using (true) with check (true);
create policy a_reader_is_given_its_names on view_{audience}.case_references for select to reader_{audience} using (
  (
    holder = any(string_to_array(current_setting('chungtay.units', true), ','))
    or ('{audience}' in ('coordinator', 'auditor') and holder = '{audience}')
  )
  and exists (select from view_{audience}.case_files as f where f.stream = case_references.stream)
);

alter table view_{audience}.likeness enable row level security;
create policy a_reader_is_given_those_of_its_files on view_{audience}.likeness for select to reader_{audience} using (
  exists (select from view_{audience}.case_files as f where f.stream = likeness.stream)
);

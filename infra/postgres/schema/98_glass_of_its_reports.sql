-- A broken glass shows the case and the reports that were linked with it when it was broken, and nothing that is linked
-- later. Those that stand open while this file is applied show the case alone: in doubt the glass is broken anew.
alter table glass.attempts add column reports uuid[] not null default array[]::uuid[];

create function glass.with_its_reports() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.reports := array(
    select distinct linked.report
    from (
      select case_record.open_stream(e.state, 'report') as report
      from case_record.events as e
      where e.originator_id = new.stream and e.topic = 'case.report_linked.v1'
    ) as linked
    where linked.report is not null
  );
  return new;
end $$;
revoke all on function glass.with_its_reports from public;
create trigger with_its_reports before insert on glass.attempts for each row when (new.answer = 'broken')
execute function glass.with_its_reports();

create or replace function glass.covers(row_stream uuid, row_root uuid) returns boolean
language sql stable security definer set search_path = ''
return exists (
  select from glass.attempts as a
  where a.id = nullif(current_setting('chungtay.glass', true), '')::uuid
  and a.answer = 'broken' and a.audience = glass.asking_audience()
  and a.unit = any(string_to_array(current_setting('chungtay.units', true), ','))
  and (a.stream = row_stream or (a.stream = row_root and row_stream = any(a.reports)))
);

create or replace function glass.subjects_shown(
  asked uuid, of_audience text, by_unit text, by_person text, asked_at timestamptz
) returns table (holder text, reference text)
language sql stable security definer set search_path = ''
begin atomic
  select i.holder, i.reference
  from glass.attempts as a join case_record.reference_index as i on i.stream = any(a.reports || a.stream)
  where a.id = asked and a.stream = glass.standing(asked, of_audience, by_unit, by_person, asked_at);
end;

-- As before, and with the reports whose histories are to tell of it: of a review none.
create or replace view glass.untold as
select
  a.id as notice, a.id as breaking, a.number, false as review, a.stream, a.kind, a.at, a.audience, a.unit, a.until,
  a.review_due_at, null::text as outcome, a.reports
from glass.attempts as a
where a.answer = 'broken' and not exists (select from glass.recorded as d where d.notice = a.id)
union all
select
  r.id, a.id, r.number, true, a.stream, a.kind, r.at, r.audience, r.unit, a.until, a.review_due_at, r.outcome,
  array[]::uuid[]
from glass.reviews as r join glass.attempts as a on a.id = r.breaking
where not exists (select from glass.recorded as d where d.notice = r.id);

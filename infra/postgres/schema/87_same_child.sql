-- Statements of different units whose children agree in a feature. The case record is told which, and sees no mark; what
-- erasing a child forgets is here no more.
create view case_record.marked_children as
select source, id, reference, marks from door_police.likeness where recipient = 'matching'
union all
select source, id, reference, marks from door_health.likeness where recipient = 'matching'
union all
select source, id, reference, marks from door_education.likeness where recipient = 'matching'
union all
select source, id, reference, marks from door_social_work.likeness where recipient = 'matching';

create function case_record.alike(asked_sources text[], asked_ids text[])
returns table (source text, id text, other_source text, other_id text, other_reference text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select asked.source, asked.id, other.source, other.id, other.reference
  from unnest(asked_sources, asked_ids) as k (source, id)
  join case_record.marked_children as asked on asked.source = k.source and asked.id = k.id
  join case_record.marked_children as other on other.marks && asked.marks and other.source <> asked.source;
end;
revoke all on function case_record.alike from public;
grant execute on function case_record.alike to case_record;

-- Statements of different units whose children agree in a feature. The case record is told which, and sees no mark; what
-- erasing a child forgets is here no more, and what is to be sealed is not, from the door's acceptance of the order on.
-- The branches have no condition of their own: only so is each door's index asked, and not its whole table read.
create view case_record.marked_children as
select source, id, reference, recipient, marks from door_police.likeness
union all
select source, id, reference, recipient, marks from door_health.likeness
union all
select source, id, reference, recipient, marks from door_education.likeness
union all
select source, id, reference, recipient, marks from door_social_work.likeness;

-- What is to be sealed by an order that its door accepted and nobody decided on: every name of it. While an order speaks
-- of what the case record does not know yet, nobody can say what it will hide: whatever its unit names is (reference null).
create function case_record.to_be_sealed() returns table (holder text, reference text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select i.holder, i.reference
  from sealing.undecided() as u
  join case_record.reference_index as i on i.stream = u.stream
  union
  select o.source, null
  from sealing.orders as o
  where o.decided_at is null
  and not exists (
    select from case_record.reference_index as i where i.holder = o.source and i.reference = o.reference
  );
end;

create function case_record.alike(asked_sources text[], asked_ids text[])
returns table (source text, id text, other_source text, other_id text, other_reference text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  with to_be_sealed as materialized (
    select t.holder, t.reference from case_record.to_be_sealed() as t
  ),
  hidden as materialized (
    select t.holder, t.reference from to_be_sealed as t where t.reference is not null
  ),
  silent as materialized (
    select t.holder from to_be_sealed as t where t.reference is null
  )
  -- `offset 0` keeps each question apart: each is answered by an index, however many are asked at once.
  select k.source, k.id, other.source, other.id, other.reference
  from unnest(asked_sources, asked_ids) as k (source, id)
  cross join lateral (
    select found.marks from case_record.marked_children as found
    where found.source = k.source and found.id = k.id and found.recipient = 'matching'
    and (found.source, found.reference) not in (select h.holder, h.reference from hidden as h)
    and found.source not in (select s.holder from silent as s)
    offset 0
  ) as asked
  cross join lateral (
    select found.source, found.id, found.reference from case_record.marked_children as found
    where found.marks && asked.marks and found.recipient = 'matching' and found.source <> k.source
    and (found.source, found.reference) not in (select h.holder, h.reference from hidden as h)
    and found.source not in (select s.holder from silent as s)
    offset 0
  ) as other;
end;
revoke all on function case_record.to_be_sealed, case_record.alike from public;
grant execute on function case_record.to_be_sealed, case_record.alike to case_record;

-- What undecided orders hide is looked up once for each name by which a unit's orders call a report or case, however many
-- of them call it so, and by an index of few rows, however long its history: no door that keeps sending makes reads slow.
create index events_belonging_idx on case_record.events (originator_id, originator_version)
where topic in ('case.case_opened.v1', 'case.report_linked.v1');

-- As before: of the streams that the unit's own name leads to, who keeps sight. A unit that has no name for the case
-- hides nothing, nor does one from which it is hidden.
create or replace function sealing.undecided() returns table (stream uuid, units text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  with ordered as (
    select o.source, o.reference, array_agg(distinct o.units::text) as each_units -- of several lengths: each as text
    from sealing.orders as o
    where o.decided_at is null
    group by o.source, o.reference
  ),
  -- `offset 0` keeps what was looked up from being looked up again wherever it is used.
  named as (
    select o.source, o.each_units, rooted.root
    from ordered as o
    join case_record.reference_index as i on i.holder = o.source and i.reference = o.reference
    cross join lateral (
      select coalesce(
        (
          select case_record.open_stream(e.state, 'case') from case_record.events as e
          where e.originator_id = i.stream and e.topic = 'case.report_linked.v1'
          order by e.originator_version desc
          limit 1
        ),
        i.stream
      ) as root
      offset 0
    ) as rooted
  ),
  known as (
    select n.source, n.each_units, cased.lead, cased.members
    from named as n
    cross join lateral (
      select
        (
          select case_record.open_part(e.state) ->> 'lead_unit' from case_record.events as e
          where e.originator_id = n.root and e.topic = 'case.case_opened.v1'
          order by e.originator_version desc
          limit 1
        ) as lead,
        array(
          select n.root
          union
          select linked.report
          from (
            select case_record.open_stream(e.state, 'report') as report from case_record.events as e
            where e.originator_id = n.root and e.topic = 'case.report_linked.v1'
          ) as linked
          where linked.report is not null -- one stream that is null would hide every case
        ) as members
      offset 0
    ) as cased
  )
  select member.stream, one.units::text[] || k.source || k.lead
  from known as k
  cross join lateral unnest(k.each_units) as one (units)
  cross join lateral unnest(k.members) as member (stream)
  where not exists (
    select from case_record.events as e
    where e.originator_id = any(k.members) and e.topic = 'case.case_sealed.v1'
    and k.source <> all (case_record.sealed_to(e.originator_id))
  );
end;
drop function case_record.root_of, case_record.last_decided, case_record.members_of;

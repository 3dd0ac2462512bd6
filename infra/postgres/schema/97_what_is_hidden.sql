-- What nobody can read must not keep everybody from reading: an event whose bytes are broken says nothing here.
create function case_record.open_part(state bytea) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return convert_from(state, 'UTF8')::jsonb #> array['data', 'open'];
exception when data_exception or program_limit_exceeded then
  return null;
end $$;
revoke all on function case_record.open_part from public;

-- Whoever an order named that nobody can read, it named nobody.
create or replace function case_record.sealed_to(asked uuid) returns text[]
language sql stable security definer set search_path = pg_catalog, pg_temp
return (
  select case
    when newest.topic = 'case.case_sealed.v1'
    then array(select unit #>> '{}' from jsonb_path_query(case_record.open_part(newest.state), '$.units[*]') as unit)
  end
  from (
    select e.topic, e.state from case_record.events as e
    where e.originator_id = asked and e.topic in ('case.case_sealed.v1', 'case.case_unsealed.v1')
    order by e.originator_version desc
    limit 1
  ) as newest
);

create or replace function case_record.last_decided(asked uuid, of_type text, field text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
return (
  select case_record.open_part(e.state) ->> field
  from case_record.events as e
  where e.originator_id = asked and e.topic = of_type
  order by e.originator_version desc
  limit 1
);

create or replace function case_record.members_of(root uuid) returns table (stream uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select root
  union
  select linked.report::uuid
  from (
    select case_record.open_part(e.state) ->> 'report' as report
    from case_record.events as e
    where e.originator_id = root and e.topic = 'case.report_linked.v1'
  ) as linked
  where linked.report is not null; -- one stream that is null would hide every case
end;

-- Ordered twice, it is asked once.
create or replace function sealing.undecided() returns table (stream uuid, units text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select member.stream, o.units || o.source || case_record.last_decided(named.root, 'case.case_opened.v1', 'lead_unit')
  from (select distinct source, reference, units from sealing.orders where decided_at is null) as o
  cross join lateral (
    select case_record.root_of(i.stream) as root
    from case_record.reference_index as i
    where i.holder = o.source and i.reference = o.reference
  ) as named
  cross join lateral case_record.members_of(named.root) as member
  where not exists (
    select from case_record.members_of(named.root) as other
    where o.source <> all (case_record.sealed_to(other.stream))
  );
end;

-- That an order was decided on is the case record's to say.
revoke insert on sealing.orders from door_police, door_social_work;
grant insert (source, id, reference, units, accepted_at) on sealing.orders to door_police, door_social_work;

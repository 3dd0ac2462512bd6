-- Orders to seal, from the moment a door accepted them: until the case record has decided on one, it hides. Only ever
-- added to, but for the moment at which it was decided on. Who reads must ask here, for views follow later.
create schema sealing;

create table sealing.orders (
  source text not null, -- the unit that states the order
  id text not null,
  reference text not null, -- the unit's own name of the report or case
  units text[] not null, -- whom the order names
  accepted_at timestamptz not null,
  decided_at timestamptz, -- null: by nobody yet
  primary key (source, id)
);
create index orders_undecided_idx on sealing.orders (accepted_at) where decided_at is null;
create index events_seals_idx on case_record.events (notification_id) where topic = 'case.case_sealed.v1';

-- The clear part of a recorded event; null where nobody can read it: broken bytes must keep nobody from another case.
create function case_record.open_part(state bytea) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return convert_from(state, 'UTF8')::jsonb #> array['data', 'open'];
exception when data_exception or program_limit_exceeded then
  return null;
end $$;

-- The stream that a field of that part names; null where it names none.
create function case_record.open_stream(state bytea, field text) returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (case_record.open_part(state) ->> field)::uuid;
exception when data_exception then
  return null;
end $$;

-- Who keeps sight of one stream, as recorded; null: it is not sealed. An order that nobody can read names nobody.
create function case_record.sealed_to(asked uuid) returns text[]
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

-- One field of what the case record decided last about a stream in events of one type; null: nothing.
create function case_record.last_decided(asked uuid, of_type text, field text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp
return (
  select case_record.open_part(e.state) ->> field
  from case_record.events as e
  where e.originator_id = asked and e.topic = of_type
  order by e.originator_version desc
  limit 1
);

-- The case that a report or case belongs to, or the report that belongs to none.
create function case_record.root_of(asked uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
return coalesce(
  (
    select case_record.open_stream(e.state, 'case') from case_record.events as e
    where e.originator_id = asked and e.topic = 'case.report_linked.v1'
    order by e.originator_version desc
    limit 1
  ),
  asked
);

-- A case, and every report that was ever linked with it.
create function case_record.members_of(root uuid) returns table (stream uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select root
  union
  select linked.report
  from (
    select case_record.open_stream(e.state, 'report') as report
    from case_record.events as e
    where e.originator_id = root and e.topic = 'case.report_linked.v1'
  ) as linked
  where linked.report is not null; -- one stream that is null would hide every case
end;

-- What an order would have the case record decide that it has not decided on yet: of the streams that the unit's own name
-- leads to, who keeps sight. A unit that has no name for the case hides nothing, nor does one from which it is hidden.
-- What is ordered twice is asked for once.
create function sealing.undecided() returns table (stream uuid, units text[])
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

-- What is sealed from whoever reads for these units, though views may not show it yet: by orders that nobody decided on,
-- and by those that are recorded and not folded.
create function sealing.hidden_from(in_units text[]) returns table (stream uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select u.stream from sealing.undecided() as u where not u.units && coalesce(in_units, array[]::text[])
  union all
  select late.stream
  from (
    select e.originator_id as stream
    from case_record.events as e
    where e.topic = 'case.case_sealed.v1' and e.notification_id > (select w.position from projector.watermark as w)
    and e.originator_version > coalesce(
      (select s.version from projector.streams as s where s.stream = e.originator_id), 0
    )
    union
    select q.stream from projector.quarantine as q
  ) as late
  where not case_record.sealed_to(late.stream) && coalesce(in_units, array[]::text[]);
end;

-- The key service asks the register itself: an order that stands, and one that is to be decided on.
create or replace function case_record.in_sight_of(asked_holders text[], asked_references text[])
returns table (holder text, reference text, units text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select asked.holder, asked.reference, sealed.units
  from unnest(asked_holders, asked_references) as asked (holder, reference)
  join case_record.reference_index as i on i.holder = asked.holder and i.reference = asked.reference
  cross join lateral (
    select case_record.sealed_to(i.stream) as units
    union all
    select u.units from sealing.undecided() as u where u.stream = i.stream
  ) as sealed
  where sealed.units is not null;
end;

revoke all on function
  case_record.open_part, case_record.open_stream, case_record.sealed_to, case_record.last_decided, case_record.root_of,
  case_record.members_of, sealing.undecided, sealing.hidden_from
from public;

-- Two doors take such orders (events.privacy); the case record says when it has decided.
grant usage on schema sealing to door_police, door_social_work, case_record;
grant insert (source, id, reference, units, accepted_at) on sealing.orders to door_police, door_social_work;
grant select (source, id, decided_at), update (decided_at) on sealing.orders to case_record;

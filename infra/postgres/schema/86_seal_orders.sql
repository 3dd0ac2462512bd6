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

-- Who keeps sight of one stream, as recorded; null: it is not sealed.
create function case_record.sealed_to(asked uuid) returns text[]
language sql stable security definer set search_path = pg_catalog, pg_temp
return (
  select case
    when newest.topic = 'case.case_sealed.v1'
    then array(
      select jsonb_array_elements_text(convert_from(newest.state, 'UTF8')::jsonb #> array['data', 'open', 'units'])
    )
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
  select convert_from(e.state, 'UTF8')::jsonb #>> array['data', 'open', field]
  from case_record.events as e
  where e.originator_id = asked and e.topic = of_type
  order by e.originator_version desc
  limit 1
);

-- The case that a report or case belongs to, or the report that belongs to none.
create function case_record.root_of(asked uuid) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
return coalesce(case_record.last_decided(asked, 'case.report_linked.v1', 'case')::uuid, asked);

-- A case, and every report that was ever linked with it.
create function case_record.members_of(root uuid) returns table (stream uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select root
  union
  select (convert_from(e.state, 'UTF8')::jsonb #>> array['data', 'open', 'report'])::uuid
  from case_record.events as e
  where e.originator_id = root and e.topic = 'case.report_linked.v1';
end;

-- What an order would have the case record decide that it has not decided on yet: of the streams that the unit's own name
-- leads to, who keeps sight. A unit that has no name for the case hides nothing, nor does one from which it is hidden.
create function sealing.undecided() returns table (stream uuid, units text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select member.stream, o.units || o.source || case_record.last_decided(named.root, 'case.case_opened.v1', 'lead_unit')
  from sealing.orders as o
  cross join lateral (
    select case_record.root_of(i.stream) as root
    from case_record.reference_index as i
    where i.holder = o.source and i.reference = o.reference
  ) as named
  cross join lateral case_record.members_of(named.root) as member
  where o.decided_at is null
  and not exists (
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
  case_record.sealed_to, case_record.last_decided, case_record.root_of, case_record.members_of, sealing.undecided,
  sealing.hidden_from
from public;

-- Two doors take such orders (events.privacy); the case record says when it has decided.
grant usage on schema sealing to door_police, door_social_work, case_record;
grant insert on sealing.orders to door_police, door_social_work;
grant select (source, id, decided_at), update (decided_at) on sealing.orders to case_record;

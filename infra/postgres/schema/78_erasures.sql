-- What the key service may know of the register: which erasures were stated, and whom one reaches. No more of it.
create index events_erasures_idx on case_record.events (notification_id)
where topic = 'privacy.subject_key_destroyed.v1';
create view case_record.erasures as
select notification_id as position, originator_id as stream, state as recorded
from case_record.events where topic = 'privacy.subject_key_destroyed.v1';

create function case_record.stream_named(asked_holder text, asked_reference text) returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp
return (
  select i.stream from case_record.reference_index as i
  where i.holder = asked_holder and i.reference = asked_reference
);

-- Everybody's own names for a report or case and for whatever was ever linked with it.
create function case_record.linked_subjects(asked uuid) returns table (holder text, reference text)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  with recursive linked (stream) as (
    select asked
    union
    select (convert_from(e.state, 'UTF8')::jsonb #>> array['data', 'open', ends.name])::uuid
    from linked
    join case_record.events as e on e.originator_id = linked.stream and e.topic = 'case.report_linked.v1'
    cross join (values ('report'), ('case')) as ends (name)
  )
  select i.holder, i.reference from linked join case_record.reference_index as i using (stream);
end;
revoke all on function case_record.stream_named, case_record.linked_subjects from public;

-- Counts the erasures that doors must know of: whoever commits what it sealed has seen this number, and no later one is
-- carried out before that commit (infra.postgres.erasure_barrier).
create schema erasure;
create table erasure.carried_out (
  single boolean primary key default true check (single),
  number bigint not null
);
insert into erasure.carried_out (number) values (0);

grant usage on schema case_record, erasure to key_service;
grant select on case_record.erasures to key_service;
grant execute on function case_record.stream_named, case_record.linked_subjects to key_service;
grant select, update on erasure.carried_out to key_service;
grant usage on schema erasure to door_police, door_health, door_education, door_social_work, door_coordination;
grant select on erasure.carried_out
to door_police, door_health, door_education, door_social_work, door_coordination;

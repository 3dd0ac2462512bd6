-- What the key service may know of sealing: who keeps sight of the reports and cases that units call so; nothing of
-- those that are not sealed.
create index events_sealing_idx on case_record.events (originator_id, originator_version)
where topic in ('case.case_sealed.v1', 'case.case_unsealed.v1');

create function case_record.in_sight_of(asked_holders text[], asked_references text[])
returns table (holder text, reference text, units text[])
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select asked.holder, asked.reference, array(
    select jsonb_array_elements_text(convert_from(newest.state, 'UTF8')::jsonb #> array['data', 'open', 'units'])
  )
  from unnest(asked_holders, asked_references) as asked (holder, reference)
  join case_record.reference_index as i on i.holder = asked.holder and i.reference = asked.reference
  cross join lateral (
    select e.topic, e.state from case_record.events as e
    where e.originator_id = i.stream and e.topic in ('case.case_sealed.v1', 'case.case_unsealed.v1')
    order by e.originator_version desc
    limit 1
  ) as newest
  where newest.topic = 'case.case_sealed.v1';
end;
revoke all on function case_record.in_sight_of from public;
grant execute on function case_record.in_sight_of to key_service;

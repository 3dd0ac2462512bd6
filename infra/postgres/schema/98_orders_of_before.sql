-- Which orders to seal doors accepted of what units call these reports and cases, and when they were decided on: what an
-- order hid until then is nowhere else, least of all where it was refused. For the auditor, who looks back.
create index orders_reference_idx on sealing.orders (source, reference);

create function sealing.orders_about(asked uuid[])
returns table (stream uuid, unit text, units text[], accepted_at timestamptz, decided_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select i.stream, o.source, o.units, o.accepted_at, o.decided_at
  from case_record.reference_index as i
  join sealing.orders as o on o.source = i.holder and o.reference = i.reference
  where i.stream = any(asked)
  order by o.accepted_at, o.source, o.id;
end;
revoke all on function sealing.orders_about from public;
grant usage on schema sealing to reader_auditor;
grant execute on function sealing.orders_about to reader_auditor;

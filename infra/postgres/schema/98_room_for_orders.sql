-- How many orders to seal of each of these units nobody decided on yet: what a door looks at before it accepts another, for
-- each adds to every read (infra/postgres/sealings.py). It learns nothing but numbers.
create function sealing.undecided_of(units text[]) returns table (unit text, orders bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select asked.unit, (select count(*) from sealing.orders as o where o.source = asked.unit and o.decided_at is null)
  from unnest(units) as asked (unit);
end;
revoke all on function sealing.undecided_of from public;
grant execute on function sealing.undecided_of to door_police, door_social_work;

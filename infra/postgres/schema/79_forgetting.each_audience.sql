-- Whoever brings marks to {audience}'s view holds the erasure barrier (infra.postgres.erasure_barrier) to the end of its
-- transaction: an erasure that passed alone has seen every mark that was brought, and none is brought after it.
create or replace function view_{audience}.bring_likeness() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  perform pg_catalog.pg_advisory_xact_lock_shared(7740008); -- AdvisoryLock.ERASURE
  execute format(
    'insert into view_{audience}.likeness (stream, version, marks)'
    ' select $1, $2, marks from %I.likeness where source = $3 and id = $4 and recipient = $5',
    'door_' || (new.told ->> 'owner')
  ) using new.stream, new.version, new.told ->> 'source_unit', new.event_id, 'search.{audience}';
  return null;
end $$;

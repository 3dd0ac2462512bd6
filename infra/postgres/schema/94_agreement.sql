-- Whoever applies the agreement reads it; one role adds to it and none can change it.
grant usage on schema agreement to case_record, projector, key_service;
grant select on agreement.versions to case_record, projector, key_service;
grant insert on agreement.versions to case_record;
do $$
declare
  role name;
begin
  for role in select rolname from pg_roles where rolname like 'reader\_%'
  loop
    execute format('grant usage on schema agreement to %I', role);
    execute format('grant select on agreement.versions to %I', role);
  end loop;
end $$;

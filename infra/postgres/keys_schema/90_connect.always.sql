-- Who seals and who opens may connect; the case record, the relay, the projector and the operator may not.
do $$
declare
  role name;
begin
  execute format('revoke all on database %I from public', current_database());
  for role in
    select rolname from pg_roles
    where rolname like 'door\_%' or rolname like 'reader\_%'
  loop
    execute format('grant connect on database %I to %I', current_database(), role);
  end loop;
end $$;

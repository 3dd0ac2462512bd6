-- The right to connect belongs to a database, not to what is in it: a copy starts without it.
do $$
declare
  role name;
begin
  execute format('revoke all on database %I from public', current_database());
  for role in
    select rolname from pg_roles
    where rolname in (
      'case_record', 'relay', 'projector', 'operator', 'retrier', 'key_service', 'agreement_keeper', 'access_asker',
      'access_ender', 'verifier'
    )
       or rolname like 'door\_%' or rolname like 'reader\_%'
  loop
    execute format('grant connect on database %I to %I', current_database(), role);
  end loop;
end $$;

-- The key service may connect; whoever seals, opens, records, carries or looks on may not.
do $$
begin
  execute format('revoke all on database %I from public', current_database());
  execute (
    select coalesce(string_agg(format('revoke all on database %I from %I;', current_database(), rolname), ' '), '')
    from pg_roles
    where rolname like 'door\_%' or rolname like 'reader\_%'
  );
  execute format('grant connect on database %I to key_service', current_database());
end $$;

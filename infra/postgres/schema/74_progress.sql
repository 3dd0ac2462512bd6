-- The projector compares what the topic brought with what the relay has sent.
grant usage on schema relay to projector;
grant select on relay.sent to projector;

-- A transaction that its holder forgot holds up every writer behind it: it ends by itself. Of each of our roles, for
-- the server may not be ours.
do $$
declare
  role name;
begin
  for role in
    select rolname from pg_roles
    where rolname in ('case_record', 'relay', 'projector', 'operator', 'retrier')
       or rolname like 'door\_%' or rolname like 'reader\_%'
  loop
    execute format('alter role %I set idle_in_transaction_session_timeout = ''20s''', role);
  end loop;
end $$;

grant usage on schema relay to relay;
grant select, insert, update on relay.sent to relay;

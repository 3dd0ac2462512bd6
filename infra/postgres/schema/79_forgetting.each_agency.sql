-- The key service ends the marks of a child whose identity it erases; it sees none of them.
grant usage on schema door_{agency} to key_service;
grant execute on function door_{agency}.forget_likeness to key_service;

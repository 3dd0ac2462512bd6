-- Ends a statement that wrote less than it meant to: nothing of it stays.
create function projector.all_or_nothing(written bigint, meant bigint) returns void
language plpgsql as $$
begin
  if written <> meant then
    raise exception 'another projector was faster' using errcode = 'CT001';
  end if;
end $$;
revoke all on function projector.all_or_nothing from public;
grant execute on function projector.all_or_nothing to projector;

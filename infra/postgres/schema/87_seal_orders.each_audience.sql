-- What is sealed from the reader by now, of its own view alone. It is asked once in each transaction that reads, whatever
-- is looked for, and said in chungtay.hidden: were it asked where a row is found, a denial would take longer than a
-- name that nobody has. Who has not asked is given nothing.
create function view_{audience}.hidden_from(in_units text[]) returns table (stream uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select h.stream from sealing.hidden_from(in_units) as h join view_{audience}.case_files as f on f.stream = h.stream;
end;
revoke all on function view_{audience}.hidden_from from public;
grant execute on function view_{audience}.hidden_from to reader_{audience};

-- Whatever else lets a row through, this does not.
create policy what_is_sealed_by_now_is_hidden on view_{audience}.case_files as restrictive for select
to reader_{audience} using (
  '{audience}' = 'auditor'
  or stream <> all ((select nullif(current_setting('chungtay.hidden', true), '')::uuid[])::uuid[])
);

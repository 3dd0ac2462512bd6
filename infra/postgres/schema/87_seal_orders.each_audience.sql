-- Whatever else lets a row through: what is sealed from the reader is none of its rows, views following or not.
grant usage on schema sealing to reader_{audience};
grant execute on function sealing.hidden_from to reader_{audience};
create policy what_is_sealed_by_now_is_hidden on view_{audience}.case_files as restrictive for select
to reader_{audience} using (
  '{audience}' = 'auditor'
  or stream <> all (
    array(select h.stream from sealing.hidden_from(string_to_array(current_setting('chungtay.units', true), ',')) as h)
  )
);

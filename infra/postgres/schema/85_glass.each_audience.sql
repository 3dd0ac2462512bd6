-- Three audiences break glass (domain research, section D, hard rule e); whoever leads a case, coordinator and auditor
-- are told, and all but the auditor may close a review.
alter table view_{audience}.access_log
add column glass uuid, -- the broken glass under which it was read
drop constraint access_log_kind_check,
add constraint access_log_kind_check check (
  kind in (
    'read', 'list', 'search', 'export', 'replay', 'verify', 'look_up_access', 'tell_subject', 'break_glass',
    'review_glass'
  )
),
add constraint access_log_names_the_glass check (kind <> 'break_glass' or outcome = 'refused' or glass is not null);

grant usage on schema glass to reader_{audience};
grant execute on function glass.told, glass.asking_audience to reader_{audience};

do $$
begin
  if '{audience}' <> 'auditor' then
    grant execute on function glass.review to reader_{audience};
  end if;
  if '{audience}' in ('police', 'health', 'case_manager') then
    grant execute on function glass.break_case, glass.shown, glass.covers to reader_{audience};
    -- What a door seals is committed under the barrier of erasures, an explanation too.
    grant usage on schema erasure to reader_{audience};
    grant select on erasure.carried_out to reader_{audience};
    create policy a_broken_glass_shows_its_case on view_{audience}.case_files for select to reader_{audience} using (
      current_setting('chungtay.glass', true) <> ''
      and (sealed_to is null or sealed_to && string_to_array(current_setting('chungtay.units', true), ','))
      and glass.covers(stream, root)
    );
  end if;
end $$;

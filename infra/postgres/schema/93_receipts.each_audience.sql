-- Whether what a receipt stands for is in the views: unknown, pending or shown. By this function alone, so that the role
-- of {audience} needs no way into journal, inbox or the projector's schema; it knows receipts of its own agency only.
create function view_{audience}.receipt_state(unit text, receipt bigint) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
  agency constant text := case '{audience}'
    when 'police' then 'police'
    when 'health' then 'health'
    when 'education' then 'education'
    when 'case_manager' then 'social_work'
    when 'committee' then 'social_work'
    when 'hotline' then 'social_work'
    when 'coordinator' then 'coordination'
  end;
  accepted text;
  decided record;
  stated record;
  unshown boolean;
begin
  if agency is null then
    return 'unknown';
  end if;
  execute format('select id from %I.journal where source = $1 and number = $2', 'door_' || agency)
    into accepted using unit, receipt;
  if accepted is null then
    return 'unknown';
  end if;
  select i.status, i.stream, i.version into decided
  from case_record.inbox i where i.source = unit and i.id = accepted;
  if not found then
    return 'pending';
  end if;
  if decided.status = 'rejected' then
    return 'shown'; -- nothing of it will ever be: a reader has not to wait
  end if;
  -- What was recorded with it, in one transaction, lies behind it in the history without a gap.
  select e.notification_id, e.xmin into stated
  from case_record.events e where e.originator_id = decided.stream and e.originator_version = decided.version;
  select exists (
    select from case_record.events e left join projector.streams s on s.stream = e.originator_id
    where e.notification_id >= stated.notification_id
      and e.notification_id < coalesce(
        (
          select n.notification_id from case_record.events n
          where n.notification_id > stated.notification_id and n.xmin <> stated.xmin
          order by n.notification_id limit 1
        ),
        9223372036854775807
      )
      and coalesce(s.version, 0) < e.originator_version
      and not exists (select from projector.quarantine q where q.stream = e.originator_id) -- it waits for a person
  ) into unshown;
  return case when unshown then 'pending' else 'shown' end;
end $$;
revoke all on function view_{audience}.receipt_state from public;
grant execute on function view_{audience}.receipt_state to reader_{audience};

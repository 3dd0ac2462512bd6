-- What a broken glass shows, and what is told of one, once its case is sealed: from the door's acceptance on, not only
-- when a view has followed. But for that both are as they were.
create or replace function glass.shown(asked uuid, by_unit text, by_person text, asked_at timestamptz) returns uuid
language sql stable security definer set search_path = ''
return (
  select s.stream
  from (select glass.standing(asked, glass.asking_audience(), by_unit, by_person, asked_at) as stream) as s
  where not exists (
    select from view_auditor.case_files as f
    where f.stream = s.stream
    and not f.sealed_to && coalesce(string_to_array(current_setting('chungtay.units', true), ','), array[]::text[])
  )
  and s.stream not in (
    select h.stream from sealing.hidden_from(string_to_array(current_setting('chungtay.units', true), ',')) as h
  )
);

create or replace function glass.told(in_units text[])
returns table (
  id uuid, at timestamptz, audience text, unit text, person text, answer text, stream uuid,
  lead_unit text, reason text, explanation jsonb, until timestamptz, review_due_at timestamptz,
  reviewed_at timestamptz, outcome text
)
language sql stable security definer set search_path = ''
begin atomic
  select
    a.id, a.at, a.audience, a.unit, a.person,
    case when a.answer = 'sealed' and hidden.it then 'no_case' else a.answer end,
    case when not hidden.it then a.stream end, case when not hidden.it then a.lead_unit end,
    a.reason, a.explanation, a.until, a.review_due_at, r.at, r.outcome
  from glass.attempts as a
  left join glass.reviews as r on r.breaking = a.id
  left join view_auditor.case_files as f on f.stream = a.stream
  cross join lateral (
    select glass.asking_audience() <> 'auditor' and (
      (a.answer = 'sealed' and (a.lead_unit = any(in_units)) is not true) -- whatever has become of the order since
      or (f.sealed_to is not null and not f.sealed_to && in_units)
      or a.stream in (select h.stream from sealing.hidden_from(in_units) as h)
    ) as it
  ) as hidden
  where glass.asking_audience() = 'auditor'
  or (a.unit = any(in_units) and a.audience = glass.asking_audience())
  or (glass.asking_audience() = 'coordinator' and (a.answer <> 'broken' or not hidden.it))
  or (not hidden.it and a.lead_unit = any(in_units));
end;

-- What changes of broken glasses: hours on a report count for the case that it became part of; what is sealed since is
-- shown to nobody from whom it hides, from the door's acceptance on; who tried learns of no order. The rest is as it was.

-- How long a person's broken glasses have stood open on a case until a moment; where one follows on another, once.
create or replace function glass.stood_open(by_person text, on_stream uuid, asked_at timestamptz) returns interval
language sql stable set search_path = ''
return (
  select coalesce(sum(least(o.until, o.next_at) - o.at), interval '0')
  from (
    select a.at, a.until, lead(a.at, 1, asked_at) over (order by a.at, a.number) as next_at
    from glass.attempts as a
    left join view_auditor.case_files as f on f.stream = a.stream -- a report of then may be of a case by now
    where a.person = by_person and coalesce(f.root, a.stream) = on_stream and a.answer = 'broken'
  ) as o
);

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

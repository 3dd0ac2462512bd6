-- Break-glass: who opened one case in an emergency, or tried to; who has reviewed it. Only ever added to, and by these
-- functions alone. A reader's audience is taken from the role that asks, never from what it says.
create schema glass;

create table glass.attempts (
  id uuid primary key,
  number bigint generated always as identity unique,
  at timestamptz not null, -- by the clock of the platform
  audience text not null,
  unit text not null,
  person text not null,
  answer text not null check (answer in ('broken', 'no_case', 'sealed', 'suspended', 'spent', 'too_many')),
  stream uuid, -- the case, or the report that belongs to none; null: none was found or looked for
  kind text check (kind in ('report', 'case')),
  lead_unit text, -- who is told
  reason text not null, -- a code of the list glass_reason
  explanation jsonb not null, -- sealed by the door
  until timestamptz,
  review_due_at timestamptz,
  check ((answer = 'broken') = (until is not null and review_due_at is not null and kind is not null)),
  check (until > at and until <= at + interval '60 minutes')
);
create index attempts_of_person_idx on glass.attempts (person, at);
create index attempts_stream_idx on glass.attempts (stream);

create table glass.reviews (
  id uuid not null unique,
  breaking uuid primary key references glass.attempts, -- one review, and no second
  number bigint generated always as identity unique,
  at timestamptz not null,
  audience text not null,
  unit text not null,
  person text not null,
  outcome text not null check (outcome in ('justified', 'not_justified'))
);

-- What of it the case record has written into the history.
create table glass.recorded (notice uuid primary key);

create function glass.asking_audience() returns text
language sql stable set search_path = ''
return substr(session_user::text, length('reader_') + 1);

-- Whether a person's breaking waits for a review that is overdue: until it is closed, the person breaks no glass.
create function glass.suspended(by_person text, asked_at timestamptz) returns boolean
language sql stable set search_path = ''
return exists (
  select from glass.attempts as a
  where a.person = by_person and a.answer = 'broken' and a.review_due_at <= asked_at
  and not exists (select from glass.reviews as r where r.breaking = a.id)
);

-- How long a person's broken glasses have stood open on a case until a moment; where one follows on another, once.
create function glass.stood_open(by_person text, on_stream uuid, asked_at timestamptz) returns interval
language sql stable set search_path = ''
return (
  select coalesce(sum(least(o.until, o.next_at) - o.at), interval '0')
  from (
    select a.at, a.until, lead(a.at, 1, asked_at) over (order by a.at, a.number) as next_at
    from glass.attempts as a
    where a.person = by_person and a.stream = on_stream and a.answer = 'broken'
  ) as o
);

-- Break the glass of one case, by the name that some unit has for it. Whatever the answer, it is written down.
create function glass.break_case(
  new_id uuid, asked_at timestamptz, by_unit text, by_person text, in_units text[],
  of_holder text, of_reference text, for_reason text, because jsonb
) returns table (answer text, stream uuid, until timestamptz, review_due_at timestamptz)
language plpgsql security definer set search_path = '' as $$
#variable_conflict use_column
declare
  said text := 'broken';
  kept uuid; -- what is kept of the case: nothing where it would say whether there is one
  it record;
  rest interval;
begin
  perform pg_advisory_xact_lock(hashtextextended(by_person, 0)); -- a person breaks one glass after another
  select f.stream, f.kind, f.lead_unit, f.sealed_to into it
  from case_record.reference_index as i
  join view_auditor.case_files as named on named.stream = i.stream
  join view_auditor.case_files as f on f.stream = coalesce(named.root, named.stream)
  where i.holder = of_holder and i.reference = of_reference;
  if glass.suspended(by_person, asked_at) then
    said := 'suspended';
  elsif 10 <= (
    select count(*) from glass.attempts as a
    where a.person = by_person and a.answer in ('no_case', 'sealed', 'too_many') and a.at > asked_at - interval '1 day'
  ) then
    said := 'too_many'; -- whoever guesses is told nothing more that day
  elsif it.stream is null then
    said := 'no_case';
  elsif not coalesce(it.sealed_to && in_units, true) or exists (
    select from case_record.in_sight_of(array[of_holder], array[of_reference]) as sealed
    where not sealed.units && in_units -- a view may follow the register later
  ) then
    said := 'sealed';
  else
    rest := interval '12 hours' - glass.stood_open(by_person, it.stream, asked_at);
    if rest <= interval '0' then
      said := 'spent';
    end if;
  end if;
  if said not in ('suspended', 'too_many') then
    kept := it.stream;
  end if;
  return query
  insert into glass.attempts as made (
    id, at, audience, unit, person, answer, stream, kind, lead_unit, reason, explanation, until, review_due_at
  ) values (
    new_id, asked_at, glass.asking_audience(), by_unit, by_person, said, kept,
    case when kept is not null then it.kind end, case when kept is not null then it.lead_unit end, for_reason, because,
    case when said = 'broken' then asked_at + least(interval '60 minutes', rest) end,
    case when said = 'broken' then asked_at + interval '72 hours' end
  ) returning made.answer, case when made.answer = 'broken' then made.stream end, made.until, made.review_due_at;
end $$;

-- Which case a broken glass shows to who broke it, at a moment; null when it shows none (any more).
create function glass.standing(
  asked uuid, of_audience text, by_unit text, by_person text, asked_at timestamptz
) returns uuid
language sql stable set search_path = ''
return (
  select a.stream from glass.attempts as a
  where a.id = asked and a.answer = 'broken' and a.audience = of_audience and a.unit = by_unit
  and a.person = by_person and a.at <= asked_at and asked_at < a.until
  and not glass.suspended(by_person, asked_at)
);
create function glass.shown(asked uuid, by_unit text, by_person text, asked_at timestamptz) returns uuid
language sql stable security definer set search_path = ''
return glass.standing(asked, glass.asking_audience(), by_unit, by_person, asked_at);

-- Whether a row is of the case whose broken glass the reader names for one transaction (chungtay.glass).
create function glass.covers(row_stream uuid, row_root uuid) returns boolean
language sql stable security definer set search_path = ''
return exists (
  select from glass.attempts as a
  where a.id = nullif(current_setting('chungtay.glass', true), '')::uuid
  and a.answer = 'broken' and a.audience = glass.asking_audience()
  and a.unit = any(string_to_array(current_setting('chungtay.units', true), ','))
  and a.stream in (row_stream, row_root)
);

-- Everybody's names for the case that a broken glass shows, as the subjects of keys begin: for the key service.
create function glass.subjects_shown(
  asked uuid, of_audience text, by_unit text, by_person text, asked_at timestamptz
) returns table (holder text, reference text)
language sql stable security definer set search_path = ''
begin atomic
  select l.holder, l.reference
  from case_record.linked_subjects(glass.standing(asked, of_audience, by_unit, by_person, asked_at)) as l;
end;

-- What a reader is told of broken glasses: its unit's own, those of cases its unit leads; coordinator and auditor all,
-- the coordinator none of a sealed case that hides from it. Of a case that hid itself its lead unit and the auditor.
create function glass.told(in_units text[])
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
    select glass.asking_audience() <> 'auditor' and f.sealed_to is not null and not f.sealed_to && in_units as it
  ) as hidden
  where glass.asking_audience() = 'auditor'
  or (a.unit = any(in_units) and a.audience = glass.asking_audience())
  or (glass.asking_audience() = 'coordinator' and (a.answer <> 'broken' or not hidden.it))
  or (not hidden.it and a.lead_unit = any(in_units));
end;

-- Close a review: whoever leads the case, or the coordinator; never who broke the glass, nor anybody of its unit.
create function glass.review(
  new_id uuid, asked uuid, asked_at timestamptz, by_unit text, by_person text, in_units text[], with_outcome text
) returns text
language plpgsql security definer set search_path = '' as $$
declare
  it record;
begin
  select t.unit, t.person, t.outcome, t.lead_unit into it
  from glass.told(in_units) as t where t.id = asked and t.answer = 'broken';
  if not found then
    return 'no_such_glass';
  elsif it.person = by_person or it.unit = any(in_units) then
    return 'own_glass';
  end if;
  insert into glass.reviews (id, breaking, at, audience, unit, person, outcome)
  values (new_id, asked, asked_at, glass.asking_audience(), by_unit, by_person, with_outcome)
  on conflict (breaking) do nothing;
  return case when found then 'reviewed' else 'reviewed_before' end;
end $$;

-- What the case record has yet to write into the history, in the order in which it came.
create view glass.untold as
select
  a.id as notice, a.id as breaking, a.number, false as review, a.stream, a.kind, a.at, a.audience, a.unit, a.until,
  a.review_due_at, null::text as outcome
from glass.attempts as a
where a.answer = 'broken' and not exists (select from glass.recorded as d where d.notice = a.id)
union all
select r.id, a.id, r.number, true, a.stream, a.kind, r.at, r.audience, r.unit, a.until, a.review_due_at, r.outcome
from glass.reviews as r join glass.attempts as a on a.id = r.breaking
where not exists (select from glass.recorded as d where d.notice = r.id);

-- How often, by unit, for the auditor.
create function glass.rates(asked_at timestamptz, since timestamptz, before timestamptz)
returns table (
  unit text, broken bigint, refused bigint, justified bigint, not_justified bigint, open bigint, overdue bigint
)
language sql stable security definer set search_path = ''
begin atomic
  select
    a.unit,
    count(*) filter (where a.answer = 'broken'),
    count(*) filter (where a.answer <> 'broken'),
    count(*) filter (where r.outcome = 'justified'),
    count(*) filter (where r.outcome = 'not_justified'),
    count(*) filter (where a.answer = 'broken' and r.outcome is null and a.review_due_at > asked_at),
    count(*) filter (where a.answer = 'broken' and r.outcome is null and a.review_due_at <= asked_at)
  from glass.attempts as a
  left join glass.reviews as r on r.breaking = a.id
  where (since is null or a.at >= since) and (before is null or a.at < before)
  group by a.unit
  order by a.unit;
end;

revoke all on all functions in schema glass from public;
grant usage on schema glass to case_record, key_service, reader_auditor;
grant select on glass.untold to case_record;
grant insert on glass.recorded to case_record;
grant execute on function glass.subjects_shown to key_service;
grant execute on function glass.rates to reader_auditor;

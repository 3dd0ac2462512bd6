-- Whose tokens were ended, and up to which second of their issue: only ever added to, so that nothing takes it back. The
-- rows are kept: they say who had access taken away, when and by whose word, and the latest of a subject is found at once.
create schema ended_access;

create table ended_access.endings (
  number bigint generated always as identity primary key,
  subject text not null, -- as its tokens say (`sub`): an opaque id
  until timestamptz not null, -- what was issued up to then opens nothing any more
  logout_id text, -- the `jti` of the logout token by which the issuer said so; null: the operator said so
  asked_at timestamptz not null default clock_timestamp(),
  unique (subject, until, logout_id) -- the same word twice is one row
);

-- Of the one subject that is named: who verifies tokens learns of no other.
create function ended_access.until_of(asked text) returns timestamptz
language sql stable security definer set search_path = ''
begin atomic
  select max(e.until) from ended_access.endings as e where e.subject = asked;
end;
revoke all on function ended_access.until_of from public;

create view health.ended_access as
select number, subject, until, case when logout_id is null then 'operator' else 'issuer' end as asked_by, asked_at
from ended_access.endings;

alter role access_asker set idle_in_transaction_session_timeout = '20s';
alter role access_ender set idle_in_transaction_session_timeout = '20s';
grant usage on schema ended_access to access_asker, access_ender;
grant execute on function ended_access.until_of to access_asker;
grant insert (subject, until, logout_id), select (until) on ended_access.endings to access_ender;
grant select on health.ended_access to operator;

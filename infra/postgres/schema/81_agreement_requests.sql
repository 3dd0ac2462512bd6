-- A version that is to be adopted. The keeper asks and nothing else; the case record decides, and both rows stay.
alter table agreement.versions add column signatures text not null default '[]'; -- JSON, to the letter: those of the parties

create table agreement.requests (
  id bigint generated always as identity primary key,
  document bytea not null,
  signatures text not null, -- JSON, to the letter
  asked_at timestamptz not null default clock_timestamp()
);

create table agreement.decisions (
  request bigint primary key references agreement.requests (id),
  number integer references agreement.versions (number), -- the version it is; null: refused
  refusal text check (
    refusal in ('does_not_load', 'does_not_follow', 'name_used_before', 'not_signed_by_all', 'no_parties')
  ),
  decided_at timestamptz not null default clock_timestamp(),
  check ((number is null) <> (refusal is null))
);

alter role agreement_keeper set idle_in_transaction_session_timeout = '20s';

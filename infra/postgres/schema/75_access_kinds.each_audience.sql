-- What was asked for, what came of it, and which policies decided that; what is older was a read that was answered.
alter table view_{audience}.access_log
add column kind text not null default 'read' check (
  kind in ('read', 'list', 'search', 'export', 'replay', 'verify', 'look_up_access', 'tell_subject', 'break_glass')
),
add column outcome text not null default 'answered' check (outcome in ('answered', 'refused')),
add column policies text[] not null default '{}'; -- ids of services/reading/policies
alter table view_{audience}.access_log
alter column kind drop default, alter column outcome drop default, alter column policies drop default;

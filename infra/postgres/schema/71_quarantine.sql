-- Why a stream waits is a code of a closed list (infra.postgres.quarantine.Reason); what it was before is a fault.
update projector.quarantine set reason = 'fault'
where reason not in ('unreadable', 'unknown_type', 'version_missing', 'rows_refused', 'fault');
alter table projector.quarantine add constraint quarantine_reason_is_known
check (reason in ('unreadable', 'unknown_type', 'version_missing', 'rows_refused', 'fault'));

-- What an operator asked to be tried again. The retrier adds and nothing else; the projector notes what it has done.
create table projector.retry_requests (
  id bigint generated always as identity primary key,
  stream uuid, -- null: every stream in quarantine
  asked_at timestamptz not null default clock_timestamp(),
  handled_at timestamptz
);
create index retry_requests_open_idx on projector.retry_requests (id) where handled_at is null;
grant usage on schema projector to retrier;
grant insert (stream), select (id) on projector.retry_requests to retrier;
grant select, update (handled_at) on projector.retry_requests to projector;

-- Ids and codes, never contents.
create view health.quarantine as
select
  q.stream,
  q.version,
  q.reason,
  q.since,
  (
    select count(*) from case_record.events as e
    where e.originator_id = q.stream and e.originator_version >= q.version
  ) as waiting
from projector.quarantine as q;
create view health.retries as select id, stream, asked_at, handled_at from projector.retry_requests;
grant select on health.quarantine, health.retries to operator;

-- Messages that were rejected by a fault of ours: an operator must look.
create index inbox_dead_idx on case_record.inbox (recorded_at) where reason = 'fault';
create view health.dead_letters as
select agency, count(*) as messages from case_record.inbox where reason = 'fault' group by agency;
grant select on health.dead_letters to operator;

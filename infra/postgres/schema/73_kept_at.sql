-- When a row came to the register, by this server's clock: how long something waits is real time, simulated or not.
-- No default while the column is added, so that no row is written anew; what is older than this has no age.
alter table case_record.events add column kept_at timestamptz;
alter table case_record.events alter column kept_at set default clock_timestamp();

-- As 70_health.sql, with how old the oldest of what has yet to be done is.
create or replace view health.register as
with reached as (
  select
    (select coalesce(max(notification_id), 0) from case_record.events) as recorded,
    (select coalesce(max(position), 0) from relay.sent) as relayed,
    (select coalesce(max(position), 0) from projector.watermark) as projected
),
not_relayed as (
  select count(*) as events, min(kept_at) as oldest
  from case_record.events
  where notification_id > (select relayed from reached)
),
not_projected as (
  select count(*) as events, min(e.kept_at) as oldest
  from case_record.events as e left join projector.streams as s on s.stream = e.originator_id
  where e.notification_id > (select projected from reached) and e.originator_version > coalesce(s.version, 0)
  and not exists (select from projector.quarantine as q where q.stream = e.originator_id)
)
select
  reached.recorded,
  reached.relayed,
  reached.projected,
  not_relayed.events as not_relayed,
  not_projected.events as not_projected,
  (select count(*) from case_record.waiting) as waiting,
  (select count(*) from projector.quarantine) as quarantined,
  extract(epoch from clock_timestamp() - not_relayed.oldest)::float8 as relay_age_s,
  extract(epoch from clock_timestamp() - not_projected.oldest)::float8 as views_age_s
from reached, not_relayed, not_projected;

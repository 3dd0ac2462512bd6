-- When an accepted event was kept, by this server's clock.
alter table door_{agency}.deliveries add column kept_at timestamptz;
alter table door_{agency}.deliveries alter column kept_at set default clock_timestamp();

create or replace view health.door_{agency} as
select
  count(*) filter (where d.sent_at is null) as unsent,
  count(*) as without_outcome,
  min(j.accepted_at) as oldest_accepted_at,
  extract(epoch from clock_timestamp() - min(d.kept_at))::float8 as age_s
from door_{agency}.deliveries as d
join door_{agency}.journal as j using (position)
where d.status is null;

-- How far each part has come: counts and positions, never contents. The view reads with its owner's rights.
-- What has yet to be done is counted, for positions have gaps where a transaction was rolled back.
create view health.register as
with reached as (
  select
    (select coalesce(max(notification_id), 0) from case_record.events) as recorded,
    (select coalesce(max(position), 0) from relay.sent) as relayed,
    (select coalesce(max(position), 0) from projector.watermark) as projected
)
select
  recorded,
  relayed,
  projected,
  (select count(*) from case_record.events where notification_id > relayed) as not_relayed,
  (
    select count(*)
    from case_record.events as e left join projector.streams as s on s.stream = e.originator_id
    where e.notification_id > projected and e.originator_version > coalesce(s.version, 0)
  ) as not_projected,
  (select count(*) from case_record.waiting) as waiting,
  (select count(*) from projector.quarantine) as quarantined
from reached;

-- Whether a recorded event of {agency}'s own is in the views, or waits because its case does. No word of why or since
-- when, nor on which version: it may wait behind another agency's event.
create view door_{agency}.shown with (security_barrier = true) as
select
  i.source,
  i.id,
  coalesce(s.version >= i.version, false) as shown,
  q.stream is not null as held
from case_record.inbox as i
left join projector.streams as s on s.stream = i.stream
left join projector.quarantine as q on q.stream = i.stream and q.version <= i.version
where i.agency = '{agency}' and i.status = 'recorded';
grant select on door_{agency}.shown to door_{agency};

-- Records that are to be compared with others for being of the same child: written in the transaction of whatever gives
-- reason to, taken away in that of the comparison.
create table case_record.to_compare (
  stream uuid primary key,
  kind text not null check (kind in ('report', 'case')),
  place bigint not null generated always as identity -- the longest waiting is compared first
);
create index to_compare_place_idx on case_record.to_compare (place);
grant select, insert, delete on case_record.to_compare to case_record;

-- What was recorded before there was this table is compared once more: some of it was held back, and nobody noted what.
insert into case_record.to_compare (stream, kind)
select distinct i.stream, r.kind
from case_record.marked_children as m
join case_record.inbox as i on i.source = m.source and i.id = m.id
join case_record.reference_index as r on r.stream = i.stream
where m.recipient = 'matching' and i.status = 'recorded';

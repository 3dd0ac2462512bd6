-- Records that were compared while these orders to seal were undecided: whatever is decided on an order, they are compared
-- again with its decision. Which of them it concerns nobody is told.
create table case_record.held_back (
  order_source text not null,
  order_id text not null,
  stream uuid not null,
  kind text not null check (kind in ('report', 'case')),
  primary key (order_source, order_id, stream)
);
grant select, insert, delete on case_record.held_back to case_record;

-- How far the register was sent to Kafka, and to which cluster; losing it only means sending again.
create table relay.sent (
  only_row boolean primary key default true check (only_row),
  position bigint not null,
  cluster_id text not null,
  saved_at timestamptz not null default now()
);

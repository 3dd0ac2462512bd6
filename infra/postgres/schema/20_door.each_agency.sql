-- The intake journal of one door: what was answered 202 lies here, sealed, and is never changed.
create table door_{agency}.journal (
  position bigint generated always as identity primary key, -- the order in which the relay sends
  source text not null, -- the unit that asserts it
  id text not null,
  reference text not null, -- the unit's own name of the report or case
  sequence integer not null check (sequence >= 1), -- counts the unit's events about this reference, without gaps
  accepted_at timestamptz not null,
  simulated boolean not null,
  mark bytea not null check (octet_length(mark) = 32), -- HMAC by which the same content is known again
  courier_key bytea not null, -- Kafka key: HMAC of unit and reference
  message bytea not null, -- the canonical SealedEvent, as it is sent
  number bigint not null check (number >= 1), -- the receipt: counts the unit's receipts, without gaps
  content_sha256 text not null,
  previous text not null,
  key_id text not null,
  signature text not null,
  unique (source, id),
  unique (source, reference, sequence),
  unique (source, number)
);

-- The last receipt of each unit. Whoever accepts an event of the unit holds this row till the end of the transaction.
create table door_{agency}.receipt_heads (
  source text primary key,
  number bigint not null,
  digest text not null
);

create table door_{agency}.sequences (
  source text not null,
  reference text not null,
  last integer not null,
  primary key (source, reference)
);

-- What became of each row of the journal.
create table door_{agency}.deliveries (
  position bigint primary key references door_{agency}.journal (position),
  sent_at timestamptz, -- by the clock of this server: real time, simulated or not
  sent_to text, -- the cluster id of the broker
  status text check (status in ('waiting', 'recorded', 'rejected')), -- null: no outcome yet
  reason text,
  reference text, -- the unit's own reference of the case it belongs to
  recorded_at timestamptz
);
create index deliveries_without_outcome_idx on door_{agency}.deliveries (position) where status is null;
create index deliveries_unsent_idx on door_{agency}.deliveries (position) where status is null and sent_at is null;

-- How far the outcomes were read, of which broker; written with what was read.
create table door_{agency}.positions (
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  cluster_id text not null,
  primary key (topic, partition)
);

grant usage on schema door_{agency} to door_{agency};
grant select, insert on door_{agency}.journal to door_{agency};
grant select, insert, update on
  door_{agency}.receipt_heads, door_{agency}.sequences, door_{agency}.deliveries, door_{agency}.positions
to door_{agency};

-- Counts only: the operator sees how much is under way, never what.
create view health.door_{agency} as
select
  count(*) filter (where d.sent_at is null) as unsent,
  count(*) as without_outcome,
  min(j.accepted_at) as oldest_accepted_at
from door_{agency}.deliveries as d
join door_{agency}.journal as j using (position)
where d.status is null;
grant usage on schema health to operator;
grant select on health.door_{agency} to operator;

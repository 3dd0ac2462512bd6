-- The register. Events, links, inbox and references are only ever added to (90_case_record.sql).

-- Shape: what eventsourcing's PostgresApplicationRecorder expects of its table and of its composite type.
create table case_record.events (
  originator_id uuid not null, -- the stream: a report or a case
  originator_version bigint not null check (originator_version >= 1),
  topic text not null, -- the event's type
  state bytea not null, -- the exact recorded bytes, hashed and never rewritten
  notification_id bigint not null generated always as identity, -- its place in the whole history
  primary key (originator_id, originator_version)
);
create unique index events_notification_id_idx on case_record.events (notification_id);

create type case_record.stored_event_uuid as (
  originator_id uuid,
  originator_version bigint,
  topic text,
  state bytea
);

-- The hash that ties each event to the one before it (events.chain).
create table case_record.links (
  stream uuid not null,
  version bigint not null,
  digest bytea not null check (octet_length(digest) = 32),
  primary key (stream, version)
);

-- Every message that was decided on, recorded or rejected: nothing has its effect twice.
create table case_record.inbox (
  source text not null, -- the unit that asserts it
  id text not null,
  agency text not null,
  reference text not null,
  sequence bigint not null, -- the door's count of this unit's events about this reference
  status text not null check (status in ('recorded', 'rejected')),
  reason text,
  stream uuid,
  version bigint, -- the version of the statement itself
  recorded_at timestamptz not null,
  primary key (source, id)
);
create index inbox_reference_idx on case_record.inbox (source, reference, sequence);

-- Each holder's own name for a report or a case; no two holders share one.
create table case_record.reference_index (
  holder text not null,
  reference text not null,
  stream uuid not null,
  kind text not null check (kind in ('report', 'case')),
  primary key (holder, reference)
);
create index reference_index_stream_idx on case_record.reference_index (stream);

-- Messages whose reference or predecessor is not known yet.
create table case_record.waiting (
  source text not null,
  id text not null,
  agency text not null,
  reference text not null,
  sequence bigint not null,
  message bytea not null, -- as it came: sealed
  since timestamptz not null,
  reason text not null,
  primary key (source, id)
);
create index waiting_reference_idx on case_record.waiting (source, reference, sequence);
create index waiting_since_idx on case_record.waiting (since);

-- How far each topic was read, of which broker; written with what was read.
create table case_record.positions (
  topic text not null,
  partition integer not null,
  next_offset bigint not null,
  cluster_id text not null,
  primary key (topic, partition)
);

-- Said once, when the store is first opened: its time is simulated, or it is real. Never both.
create table case_record.store_identity (
  only_row boolean primary key default true check (only_row),
  simulated boolean not null
);

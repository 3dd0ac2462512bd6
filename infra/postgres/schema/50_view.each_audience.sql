-- What {audience} may see: files hold open values only, entries hold boxes that only its readers have keys for.

create table view_{audience}.case_files (
  stream uuid primary key,
  kind text not null check (kind in ('report', 'case')),
  status text not null,
  stage text,
  emergency boolean not null,
  lead_unit text,
  units text[] not null, -- every unit that takes part
  root uuid, -- the case a report belongs to
  opened_at timestamptz,
  changed_at timestamptz not null,
  due_at timestamptz, -- the earliest deadline that runs for {audience}
  body jsonb not null -- the whole file (projections.case_file)
);
create index case_files_changed_idx on view_{audience}.case_files (changed_at desc, stream desc);
create index case_files_status_idx on view_{audience}.case_files (status, changed_at desc, stream desc);
create index case_files_lead_idx on view_{audience}.case_files (lead_unit, changed_at desc, stream desc);
create index case_files_units_idx on view_{audience}.case_files using gin (units);
create index case_files_due_idx on view_{audience}.case_files (due_at, stream) where due_at is not null;
create index case_files_root_idx on view_{audience}.case_files (root) where root is not null;

create table view_{audience}.entries (
  stream uuid not null,
  version bigint not null,
  event_id text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  told jsonb not null, -- the event as disclosed (projections.disclosure)
  shown_at timestamptz not null default clock_timestamp(), -- by the real clock: since when it can be read
  primary key (stream, version)
);

-- What the units of {audience} call a report or case.
create table view_{audience}.case_references (
  holder text not null,
  reference text not null,
  stream uuid not null,
  primary key (holder, reference)
);
create index case_references_stream_idx on view_{audience}.case_references (stream);

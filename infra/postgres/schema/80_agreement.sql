-- Every version of the sharing agreement, as adopted: only ever added to, by the case record, with the event that says so.
create schema agreement;

create table agreement.versions (
  number integer primary key check (number >= 0), -- 0 is the one that came with the platform
  version text not null unique, -- as the document calls itself
  adopted_at timestamptz not null, -- in force from then on: when the event was recorded
  document bytea not null -- the exact bytes that the parties signed
);

-- What the projector knows of its own work. All of it can be made again from the register.

create table projector.streams (
  stream uuid primary key,
  version bigint not null check (version >= 1), -- every event up to it is in the views
  routing jsonb not null -- who has joined
);

-- A stream whose event could not be projected; its later events wait.
create table projector.quarantine (
  stream uuid primary key,
  version bigint not null, -- the first version that waits
  reason text not null check (reason ~ '^[A-Za-z0-9_]{1,64}$'), -- a code, never a text
  since timestamptz not null default clock_timestamp()
);

-- Every event up to this position of the register is in the views or waits in quarantine.
create table projector.watermark (
  only_row boolean primary key default true check (only_row),
  position bigint not null
);
insert into projector.watermark (position) values (0);

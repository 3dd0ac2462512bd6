-- A rebuild compares the views with the register beside the live projecting, then writes what differs in one
-- transaction. These two are its notes; after a crash of the server they are empty, and it begins anew.

create unlogged table projector.compared (
  stream uuid primary key,
  version bigint not null -- where the views were when the stream was compared
);

create unlogged table projector.differing (
  part text not null check (part in ('file', 'entry', 'name', 'routing')),
  audience text not null,
  stream uuid not null,
  version bigint, -- of an entry
  holder text, -- of a name
  reference text,
  made jsonb -- the row as it is to be; null: it is to go
);
create index differing_stream_idx on projector.differing (stream);

-- Counts the rebuilds: who folded on what was there before one folds again.
alter table projector.watermark add column rebuilds bigint not null default 0;

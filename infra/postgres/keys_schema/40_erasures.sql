-- How far the register's erasures are carried out, and of each what it destroyed and what is kept, and why.
create table keys.followed (
  single boolean primary key default true check (single),
  position bigint not null
);
insert into keys.followed (position) values (0);

create table keys.erasures (
  source text not null,
  id text not null,
  condemned text [] not null, -- ids of the keys; written before any is destroyed, and never changed
  kept jsonb not null, -- [{owner, category, part, ground, keys}]
  done_at timestamptz, -- null: begun, and gone on with after a start
  primary key (source, id)
);
grant select, update on keys.followed to key_service;
grant select, insert on keys.erasures to key_service;
grant update (done_at) on keys.erasures to key_service;

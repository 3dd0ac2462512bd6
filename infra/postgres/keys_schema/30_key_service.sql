-- One service alone keeps and reads data keys: doors and readers ask it, and connect here no more.
drop policy a_door_keeps_its_own on keys.data_keys;
drop policy a_door_reads_its_own on keys.data_keys;
drop policy readers_read on keys.data_keys;
alter table keys.data_keys disable row level security;

revoke all on keys.data_keys from
  door_police, door_health, door_education, door_social_work, door_coordination,
  reader_police, reader_health, reader_education, reader_case_manager, reader_committee, reader_hotline,
  reader_coordinator, reader_auditor;
revoke select (key_id, wrapped, destroyed_at) on keys.data_keys from
  reader_police, reader_health, reader_education, reader_case_manager, reader_committee, reader_hotline,
  reader_coordinator, reader_auditor;
revoke all on schema keys from
  door_police, door_health, door_education, door_social_work, door_coordination,
  reader_police, reader_health, reader_education, reader_case_manager, reader_committee, reader_hotline,
  reader_coordinator, reader_auditor;

-- Which version of the key-encryption key wrapped it; a retired key seals nothing new and opens until it is destroyed.
alter table keys.data_keys add column kek_version int not null default 1;
alter table keys.data_keys add column retired_at timestamptz;
update keys.data_keys set retired_at = destroyed_at;
alter table keys.data_keys add check (destroyed_at is null or retired_at is not null);
drop index keys.data_keys_living_idx;
create unique index data_keys_living_idx on keys.data_keys (owner, subject, category, part, form)
where retired_at is null;
create index data_keys_subject_idx on keys.data_keys (subject) where destroyed_at is null;

grant usage on schema keys to key_service;
grant select, insert on keys.data_keys to key_service;
grant update (wrapped, kek_version, retired_at, destroyed_at) on keys.data_keys to key_service;

-- One data key per owner, subject, category, part and form; destroying it erases what it sealed, everywhere at once.
create table keys.data_keys (
  key_id text primary key,
  owner text not null,
  subject text not null, -- a source's own reference and the person: never a name
  category text not null,
  part text not null,
  form text not null check (form in ('full', 'summary')),
  wrapped bytea, -- by the key-encryption key of owner, category and form; null once destroyed
  destroyed_at timestamptz,
  check ((wrapped is null) = (destroyed_at is not null))
);
create unique index data_keys_living_idx on keys.data_keys (owner, subject, category, part, form)
where destroyed_at is null;

alter table keys.data_keys enable row level security;
create policy a_door_keeps_its_own on keys.data_keys for insert with check (current_user = 'door_' || owner);
create policy a_door_reads_its_own on keys.data_keys for select using (current_user = 'door_' || owner);
create policy readers_read on keys.data_keys for select using (current_user like 'reader\_%');

grant usage on schema keys to
  door_police, door_health, door_education, door_social_work, door_coordination,
  reader_police, reader_health, reader_education, reader_case_manager, reader_committee, reader_hotline,
  reader_coordinator, reader_auditor;
grant select, insert on keys.data_keys
to door_police, door_health, door_education, door_social_work, door_coordination;
-- Readers ask by key id and never learn whom another key is for.
grant select (key_id, wrapped, destroyed_at) on keys.data_keys to
  reader_police, reader_health, reader_education, reader_case_manager, reader_committee, reader_hotline,
  reader_coordinator, reader_auditor;

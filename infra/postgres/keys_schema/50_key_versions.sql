-- Which versions of key-encryption keys there are; the keys themselves are elsewhere. A data key refers to the version that
-- wraps it, so that none is given up while anything is wrapped by it, whatever is kept at that very moment.
create table keys.key_versions (
  owner text not null,
  category text not null,
  form text not null,
  version int not null,
  primary key (owner, category, form, version)
);
insert into keys.key_versions
select distinct owner, category, form, kek_version from keys.data_keys where wrapped is not null;

-- What is destroyed is wrapped by nothing.
alter table keys.data_keys alter column kek_version drop not null, alter column kek_version drop default;
update keys.data_keys set kek_version = null where wrapped is null;
alter table keys.data_keys
add check ((wrapped is null) = (kek_version is null)),
add foreign key (owner, category, form, kek_version) references keys.key_versions;
create index data_keys_version_idx on keys.data_keys (owner, category, form, kek_version)
where kek_version is not null;

grant select, insert, delete on keys.key_versions to key_service;

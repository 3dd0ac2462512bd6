-- By what the children of {audience}'s view are found: the marks made for {audience}, and for nobody else.
create table view_{audience}.likeness (
  stream uuid not null,
  version bigint not null,
  marks bytea[] not null,
  primary key (stream, version),
  foreign key (stream, version) references view_{audience}.entries on delete cascade
);
create index likeness_marks_idx on view_{audience}.likeness using gin (marks);
grant select on view_{audience}.likeness to reader_{audience};

-- Marks come with the full identity and in no other way: whoever routes an entry here, projector or rebuild, brings
-- them, and needs no right of its own to see or write them.
create function view_{audience}.bring_likeness() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  execute format(
    'insert into view_{audience}.likeness (stream, version, marks)'
    ' select $1, $2, marks from %I.likeness where source = $3 and id = $4 and recipient = $5',
    'door_' || (new.told ->> 'owner')
  ) using new.stream, new.version, new.told ->> 'source_unit', new.event_id, 'search.{audience}';
  return null;
end $$;
revoke all on function view_{audience}.bring_likeness from public;

create trigger bring_likeness after insert on view_{audience}.entries for each row
when (new.told @> '{"sealed": [{"level": "full", "compartment": {"category": "child_identity", "part": "main"}}]}')
execute function view_{audience}.bring_likeness();

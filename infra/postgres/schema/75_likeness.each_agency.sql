-- By what a child that {agency} speaks of is known again: keyed marks, for one recipient each (infra.crypto.likeness_keys).
-- They lie here and in the views they are brought to, never on the courier nor in what is hashed, so that erasing a
-- child ends them.
create table door_{agency}.likeness (
  source text not null,
  id text not null,
  reference text not null, -- with the source, whom erasing names
  recipient text not null,
  key_version integer not null,
  marks bytea[] not null, -- one for each feature; chance where it is not known
  primary key (source, id, recipient)
);
create index likeness_reference_idx on door_{agency}.likeness (source, reference);
grant select, insert, delete on door_{agency}.likeness to door_{agency};

-- Erasing a child's identity ends its marks too: all that came of one reference, here and in every view.
-- Called by {agency}'s door, whose child it is; what other units said of the same child stays theirs to erase.
create function door_{agency}.forget_likeness(of_source text, of_reference text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  view name;
begin
  for view in select nspname from pg_catalog.pg_namespace where nspname like 'view\_%' loop
    execute format(
      'delete from %1$I.likeness as l using %1$I.entries as e, door_{agency}.likeness as d'
      ' where d.source = $1 and d.reference = $2 and d.recipient = $3'
      ' and e.event_id = d.id and e.told ->> ''source_unit'' = d.source and l.stream = e.stream and l.version = e.version',
      view
    ) using of_source, of_reference, 'search.' || substr(view, 6);
  end loop;
  delete from door_{agency}.likeness where source = of_source and reference = of_reference;
end $$;
revoke all on function door_{agency}.forget_likeness from public;
grant execute on function door_{agency}.forget_likeness to door_{agency};

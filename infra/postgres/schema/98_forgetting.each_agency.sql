-- Marks are forgotten by the keys under which the names lay that they came of: what is told of a child after its erasure
-- lies under another key, keeps its marks, and does not keep those from before it that an older backup brought back.
drop function door_{agency}.forget_likeness(text, text);

create function door_{agency}.forget_likeness(of_source text, of_reference text, under_keys text[]) returns void
language plpgsql security definer set search_path = '' as $$
declare
  view name;
begin
  for view in select nspname from pg_catalog.pg_namespace where nspname like 'view\_%' loop
    execute format(
      'delete from %1$I.likeness as l using case_record.inbox as i, %1$I.entries as e'
      ' where i.source = $1 and i.reference = $2 and l.stream = i.stream and l.version = i.version'
      ' and e.stream = l.stream and e.version = l.version and exists ('
      '  select from jsonb_path_query(e.told, ''$.sealed[*].compartment.key_id'') as key (id) where key.id #>> ''{}'' = any($3)'
      ' )',
      view
    ) using of_source, of_reference, under_keys;
  end loop;
  -- The journal tells under which keys; where it does not, in doubt the mark goes.
  delete from door_{agency}.likeness as l
  where l.source = of_source and l.reference = of_reference and not exists (
    select from door_{agency}.journal as j
    where j.source = l.source and j.id = l.id and not exists (
      select from unnest(under_keys) as key (id) where position(convert_to(key.id, 'UTF8') in j.message) > 0
    )
  );
end $$;
revoke all on function door_{agency}.forget_likeness from public;
grant execute on function door_{agency}.forget_likeness to key_service;

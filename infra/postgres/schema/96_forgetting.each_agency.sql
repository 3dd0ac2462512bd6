-- Marks are forgotten by what the register says was told of a reference, not by what the door still keeps of it: those
-- that an older backup of the read models brought back go again, whenever the key service goes over what it destroyed.
create or replace function door_{agency}.forget_likeness(of_source text, of_reference text) returns void
language plpgsql security definer set search_path = '' as $$
declare
  view name;
begin
  for view in select nspname from pg_catalog.pg_namespace where nspname like 'view\_%' loop
    execute format(
      'delete from %I.likeness as l using case_record.inbox as i'
      ' where i.source = $1 and i.reference = $2 and l.stream = i.stream and l.version = i.version',
      view
    ) using of_source, of_reference;
  end loop;
  delete from door_{agency}.likeness where source = of_source and reference = of_reference;
end $$;

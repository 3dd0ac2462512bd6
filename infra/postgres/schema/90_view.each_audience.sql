-- The projector writes every view and reads back only what it folds on; {audience} reads its own and nothing else.
grant usage on schema view_{audience} to projector, reader_{audience};
grant select, insert, update on view_{audience}.case_files to projector;
grant select, insert on view_{audience}.entries, view_{audience}.case_references to projector;
grant select on view_{audience}.case_files, view_{audience}.entries, view_{audience}.case_references
to reader_{audience};

-- What a rebuild finds to be wrong goes.
grant delete on view_{audience}.case_files to projector;
grant delete on view_{audience}.entries, view_{audience}.case_references to projector;

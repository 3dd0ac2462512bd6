-- Lists are narrowed by the stage of the procedure as well as by status.
create index case_files_stage_idx on view_{audience}.case_files (stage, changed_at desc, stream desc)
where stage is not null;

-- One role asks for a version of the agreement to be adopted, one decides; neither can change what was asked or decided.
grant usage on schema agreement to agreement_keeper;
grant select on agreement.versions to agreement_keeper;
grant select on agreement.requests to case_record;
grant insert (document, signatures), select (id) on agreement.requests to agreement_keeper;
grant select, insert on agreement.decisions to case_record;
grant select on agreement.decisions to agreement_keeper;

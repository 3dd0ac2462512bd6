-- One schema for each service; who may do what in it is said in its privileges file (90_*).
revoke all on schema public from public;

create schema case_record;
create schema relay;
create schema projector;
create schema health;

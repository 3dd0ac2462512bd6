-- Wrapped data keys live here and nowhere else; this database is never in the backups of the register.
revoke all on schema public from public;

create schema keys;

grant usage on schema projector to projector;
grant select, insert, update on projector.streams to projector;
grant select, insert, update, delete on projector.quarantine to projector;
grant select, update on projector.watermark to projector;

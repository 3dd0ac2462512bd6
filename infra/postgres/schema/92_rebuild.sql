grant select, insert, delete, truncate on projector.compared, projector.differing to projector;

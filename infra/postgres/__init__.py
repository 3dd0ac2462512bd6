"""PostgreSQL, the register: psycopg and eventsourcing are known here alone."""

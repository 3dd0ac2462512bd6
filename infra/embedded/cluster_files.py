"""The configuration of the embedded cluster: who may connect from where, and what is never logged."""

from infra.embedded.databases import Databases

HBA = """\
# Nobody is trusted: the superuser only as the server's own user over the socket, everyone else by password.
local all postgres peer map=boot
host all postgres 127.0.0.1/32 reject
host postgres,template0,template1 all 127.0.0.1/32 reject
host all all 127.0.0.1/32 scram-sha-256
"""

IDENT = "boot {user} postgres\n"

# The server's log holds no statement and no value: statements and details of errors may carry references.
CONFIGURATION = """\
include 'postgresql.conf'
listen_addresses = '{host}'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
log_error_verbosity = terse
log_min_error_statement = panic
log_statement = none
lc_messages = 'C'
jit = off
fsync = {fsync}
idle_in_transaction_session_timeout = '20s'
"""

_BOOTSTRAP = """\
do $$ begin
  if not exists (select from pg_roles where rolname = '{owner}') then create role {owner}; end if;
end $$;
alter role {owner} with login createrole noinherit password '{password}';
select 'create database {main} owner {owner}'
where not exists (select from pg_database where datname = '{main}') \\gexec
select 'create database {keys} owner {owner}'
where not exists (select from pg_database where datname = '{keys}') \\gexec
"""


def bootstrap(databases: Databases, owner: str) -> str:
    """Return the SQL that makes the owner and its two databases, or leaves them as they are."""
    names = {"main": databases.main_name, "keys": databases.keys_name}
    return _BOOTSTRAP.format(**names, owner=owner, password=databases.passwords[owner])

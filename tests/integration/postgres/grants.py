"""Every right that anybody but the owner has in a database, read back from the catalogue, one line each.

The file beside is what is expected; `python -m tests.integration.postgres.grants --write` writes it anew from a server
that was just migrated. Read the difference before you commit it: each line is somebody who may do something.
"""

import sys
from pathlib import Path
from typing import Any

import psycopg

from infra.postgres.roles import OWNER
from tests.fixtures.databases import running_server

EXPECTED = Path(__file__).with_name("expected_grants.txt")

# A null list of rights stands for the built-in one, by which everybody may execute a function.
_LINES = """
with ours as (
  select oid, nspname, nspowner, nspacl from pg_namespace
  where nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and nspname !~ '^pg_(toast_)?temp_'
),
held (kind, object, owner, rights) as (
  select 'database', 'itself', datdba, coalesce(datacl, acldefault('d', datdba)) from pg_database
  where datname = current_database()
  union all
  select 'schema', nspname, nspowner, coalesce(nspacl, acldefault('n', nspowner)) from ours
  union all
  select
    case c.relkind when 'S' then 'sequence' else 'table' end,
    nspname || '.' || relname,
    relowner,
    coalesce(relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", relowner))
  from pg_class as c join ours on ours.oid = relnamespace where c.relkind in ('r', 'v', 'm', 'p', 'f', 'S')
  union all
  select 'column', nspname || '.' || relname || '.' || attname, relowner, attacl
  from pg_attribute join pg_class as c on c.oid = attrelid join ours on ours.oid = relnamespace where attacl is not null
  union all
  select 'function', nspname || '.' || proname, proowner, coalesce(proacl, acldefault('f', proowner))
  from pg_proc join ours on ours.oid = pronamespace
  union all
  select 'default of ' || defaclobjtype::text, coalesce(nspname, 'every schema'), defaclrole, defaclacl
  from pg_default_acl left join ours on ours.oid = defaclnamespace
)
select format(
  '%s: %s on %s %s%s',
  case a.grantee when 0 then 'everybody' else a.grantee::regrole::text end,
  lower(a.privilege_type), kind, object, case when a.is_grantable then ', and may grant it' else '' end
)
from held cross join aclexplode(rights) as a where a.grantee <> owner
union
select format('%s: member of %s', member::regrole, roleid::regrole) from pg_auth_members
where member::regrole::text !~ '^pg_'
union
select format(
  '%s: %s%s%s%s%s%s', rolname,
  case when rolcanlogin then 'logs in' else 'never logs in' end,
  case when rolinherit then ', inherits' else '' end,
  case when rolsuper then ', superuser' else '' end,
  case when rolbypassrls then ', sees every row' else '' end,
  case when rolcreaterole then ', makes roles' else '' end,
  case when rolcreatedb then ', makes databases' else '' end
) from pg_roles where rolname !~ '^pg_' and rolname <> 'postgres' and not rolsuper
union
select format(
  '%s.%s: rows by %s for %s to %s', schemaname, tablename, policyname, lower(cmd), array_to_string(roles, ', ')
)
from pg_policies
union
select format('%s.%s: rows are looked at one by one', nspname, relname)
from pg_class as c join ours on ours.oid = relnamespace where relrowsecurity
"""


def read_back(connection: psycopg.Connection[Any]) -> list[str]:
    """Return every line of one database, in order."""
    return sorted(line for [line] in connection.execute(_LINES))


def told(register: list[str], keys: list[str]) -> str:
    """Return the page of both databases."""
    return "\n".join(["# the register", *register, "", "# the database of keys", *keys, ""])


def main() -> int:
    """Write the file anew."""
    with running_server() as server:
        made = server.copy()
        with psycopg.connect(made.main(OWNER)) as register, psycopg.connect(made.keys(OWNER)) as keys:
            EXPECTED.write_text(told(read_back(register), read_back(keys)), encoding="utf-8")
        server.drop(made)
    return 0


if __name__ == "__main__":
    sys.exit(main() if sys.argv[1:] == ["--write"] else 2)

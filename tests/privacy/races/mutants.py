"""What a forgetful programmer leaves out, for each kind of race: it must be caught, or the races prove nothing."""

from collections.abc import Mapping

import psycopg

from infra.postgres.roles import OWNER
from tests.privacy.races.track import Track

# As if the version were asked for once, and kept: by reading services and by the key service. By then stand the one by
# consent and the one that gives more; the next gives less.
_AGREEMENT_KEPT = """\
alter table agreement.versions enable row level security;
drop policy if exists who_adopts on agreement.versions;
drop policy if exists what_was_known on agreement.versions;
create policy who_adopts on agreement.versions to case_record using (true) with check (true);
create policy what_was_known on agreement.versions for select to reader_case_manager, reader_police, key_service
using (number <= {adopted} + 1)"""

MUTANTS: Mapping[str, str] = {
    "consents": """\
create or replace function consent.withdrawals_of(sources text[], consents text[])
returns table (source text, consent text, recipients text[], categories text[], accepted_at timestamptz)
language sql stable security definer set search_path = ''
begin atomic
  select w.source, w.consent, w.recipients, w.categories, w.accepted_at from consent.withdrawals as w where false;
end""",
    "agreements": _AGREEMENT_KEPT,
    "purposes": _AGREEMENT_KEPT,
    "roles": """\
create or replace function ended_access.until_of(asked text) returns timestamptz
language sql stable security definer set search_path = ''
begin atomic
  select max(e.until) from ended_access.endings as e where false;
end""",
    "seals": """\
create or replace function sealing.hidden_from(in_units text[]) returns table (stream uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select u.stream from sealing.undecided() as u where false;
end""",
}


def plant(track: Track, kind: str) -> None:
    """Have the readers of a track forget what a kind of race takes back."""
    with psycopg.connect(track.house.databases.main(OWNER), autocommit=True) as connection:
        connection.execute(MUTANTS[kind].format(adopted=track.adopted).encode())

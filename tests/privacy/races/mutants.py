"""What a forgetful programmer leaves out, for each kind of race: it must be caught, or the races prove nothing."""

from collections.abc import Mapping

import psycopg

from infra.postgres.roles import OWNER
from tests.privacy.races.track import Track

MUTANTS: Mapping[str, str] = {
    "consents": """\
create or replace function consent.withdrawals_of(sources text[], consents text[])
returns table (source text, consent text, recipients text[], categories text[], accepted_at timestamptz)
language sql stable security definer set search_path = ''
begin atomic
  select w.source, w.consent, w.recipients, w.categories, w.accepted_at from consent.withdrawals as w where false;
end""",
    # As if the version were asked for once, and kept: by the reading service and by the key service.
    "agreements": """\
alter table agreement.versions enable row level security;
create policy who_adopts on agreement.versions to case_record using (true) with check (true);
create policy what_was_known on agreement.versions for select to reader_case_manager, key_service
using (number <= {adopted})""",
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

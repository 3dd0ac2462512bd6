"""The key service with its key-encryption keys on a token: data keys are given, kept, and wrapped anew."""

from pathlib import Path

from infra.embedded.databases import Databases
from infra.keys.key_encryption import SEALED_CATEGORIES
from infra.keys.service_keys import OPERATOR_NAME
from infra.keys.wire import SlotsAsked
from infra.settings import KeyToken
from tests.integration.keys.key_service_process import KeyServiceProcess
from tests.integration.keys.test_rotating import PLACES, asking, data_keys, finished

IDENTITY = SlotsAsked(owners=(PLACES[0].owner,), categories=(PLACES[0].category,))


async def test_it_serves_rotates_and_starts_again(databases: Databases, tmp_path: Path, key_token: KeyToken) -> None:
    running = KeyServiceProcess.start(tmp_path, databases, key_token)
    try:
        before = await data_keys(running.url, tmp_path)
        async with asking(running.url, tmp_path, OPERATOR_NAME) as operator:
            assert (await operator.begin_rotation(IDENTITY)).drawn == 2
            running.kill()  # what was drawn is on the token, and noted
            running.start_again()
            assert sum(step.rewrapped for step in await finished(running.url, tmp_path)) == len(PLACES)
            listed = (await operator.key_versions(SlotsAsked(owners=(PLACES[0].owner,)))).versions
        assert len(listed) == 2 * len(SEALED_CATEGORIES)
        assert {one.version for one in listed if one.data_keys} == {2}
        assert await data_keys(running.url, tmp_path) == before
    finally:
        running.kill()

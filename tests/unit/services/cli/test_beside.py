"""What a command has a service's own process do: when something is away, it is said which, and what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from events.parties import Audience
from infra.keys.service_keys import make_service_keys, reader_name
from infra.postgres.roles import PROJECTOR, reader_role
from infra.settings import ServiceSettings
from projections.disclosure.packaged import packaged_text
from services.cli.agreement.foreseeing import what_if
from services.cli.endpoints import DOORS, Endpoints
from services.cli.rebuild import rebuild
from services.cli.stops import Exit, Stop

NOWHERE = "http://127.0.0.1:9"
AWAY = SecretStr("postgresql://127.0.0.1:9/chungtay?connect_timeout=1")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A platform that ran here; its database does not answer."""
    doors = {door.value: NOWHERE for door in DOORS}
    Endpoints(
        agencies=doors, coordination=NOWHERE, audit=NOWHERE, web=NOWHERE, kafka="127.0.0.1:9", postgres="postgresql://"
    ).save(tmp_path / "endpoints.json")
    (tmp_path / "secrets").mkdir()
    auditor = reader_name(Audience.AUDITOR)
    for service, role in (("projector", PROJECTOR), ("audit", reader_role(Audience.AUDITOR))):
        ServiceSettings(
            service=service,
            data_dir=tmp_path,
            broker="127.0.0.1:9",
            databases={role: AWAY},
            key_service=NOWHERE,
            service_keys=make_service_keys(tmp_path / "secrets", [auditor]),
        ).save(tmp_path / "run" / f"{service}.json")
    return tmp_path


def rebuild_all(data_dir: Path) -> None:
    rebuild(data_dir, "all", verify=True, as_json=True)


def foresee(data_dir: Path) -> None:
    file = data_dir / "new.toml"
    file.write_bytes(packaged_text())
    what_if(data_dir, file, None, as_json=True)


def test_a_database_that_is_away_is_told_as_by_every_command(data_dir: Path) -> None:
    with pytest.raises(Stop, match="The database does not answer: see `chungtay status`") as stopped:
        foresee(data_dir)
    assert stopped.value.code is Exit.NOT_REACHABLE


@pytest.mark.parametrize("ask", [rebuild_all, foresee])
def test_a_service_that_never_ran_here_is_told_with_how_to_start_it(
    ask: Callable[[Path], None], data_dir: Path
) -> None:
    for settings in (data_dir / "run").iterdir():
        settings.unlink()
    with pytest.raises(Stop, match="start the platform with `chungtay up`") as stopped:
        ask(data_dir)
    assert stopped.value.code is Exit.NOT_REACHABLE


def test_one_that_ended_too_early_is_told(data_dir: Path) -> None:
    (data_dir / "run" / "projector.json").write_text("{}", encoding="utf-8")
    with pytest.raises(Stop, match="nothing was changed") as stopped:
        rebuild_all(data_dir)
    assert stopped.value.code is Exit.CHECK_FAILED

from pathlib import Path

import pytest

from services.cli.endpoints import Endpoints, read_endpoints
from services.cli.stops import Exit, Stop


def test_endpoints_are_read_as_they_were_saved(tmp_path: Path) -> None:
    saved = Endpoints(
        agencies={"police": "http://127.0.0.1:1"},
        coordination="http://127.0.0.1:2",
        audit="http://127.0.0.1:3",
        web="http://127.0.0.1:2",
        kafka="127.0.0.1:4",
        postgres="postgresql://operator:secret@127.0.0.1:5/chungtay",
    )
    saved.save(tmp_path / "endpoints.json")
    assert read_endpoints(tmp_path) == saved
    assert (tmp_path / "endpoints.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [None, "{", '{"agencies": {}}'])
def test_nothing_to_reach_is_told(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "endpoints.json").write_text(content)
    with pytest.raises(Stop, match="chungtay up") as stop:
        read_endpoints(tmp_path)
    assert stop.value.code is Exit.NOT_REACHABLE

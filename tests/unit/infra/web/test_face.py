"""A process without a door tells operators how it stands: counts and seconds, also when it hangs."""

from collections.abc import Iterator

import httpx
import pytest

from infra import standing as module
from infra.backlog import Backlog, Limits
from infra.embedded.ports import free_port
from infra.standing import Standing
from infra.web.face import Face


@pytest.fixture
def standing() -> Standing:
    made = Standing(Limits(count=10, oldest_s=60.0), needs=("database", "broker"))
    made.check("database", "ok")
    made.check("broker", "ok")
    return made


@pytest.fixture
def operator(standing: Standing) -> Iterator[httpx.Client]:
    port = free_port()
    face = Face("127.0.0.1", port, standing)
    face.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        yield client
    face.stop()


def test_all_is_well(operator: httpx.Client, standing: Standing) -> None:
    standing.behind("views", Backlog(3, 1.26))
    answer = operator.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "checks": {"database": "ok", "broker": "ok", "moving": "ok"},
        "behind": {"views": {"count": 3, "oldest_s": 1.3, "within_limits": True}},
    }
    assert operator.get("/healthz").json() == {"status": "alive"}


@pytest.mark.parametrize("backlog", [Backlog(11), Backlog(1, 60.5)])
def test_too_far_behind_is_not_ready(operator: httpx.Client, standing: Standing, backlog: Backlog) -> None:
    standing.behind("views", backlog)
    answer = operator.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["behind"]["views"]["within_limits"] is False
    standing.behind("views", Backlog(0))
    assert operator.get("/readyz").status_code == 200


def test_what_is_away_is_named(operator: httpx.Client, standing: Standing) -> None:
    standing.check("broker", "away")
    answer = operator.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["broker"]) == (503, "away")


def test_who_says_nothing_any_more_is_not_ready(operator: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STALE_S", 0.0)
    assert operator.get("/readyz").json()["checks"]["moving"] == "away"


def test_figures_and_nothing_else(operator: httpx.Client, standing: Standing) -> None:
    standing.behind("views", Backlog(7, 4.0))
    text = operator.get("/metrics").text
    assert 'chungtay_behind_events{part="views"} 7.0' in text
    assert 'chungtay_behind_seconds{part="views"} 4.0' in text
    assert operator.get("/docs").status_code == operator.post("/readyz").status_code == 404

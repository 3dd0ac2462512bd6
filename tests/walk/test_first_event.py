"""An agency's first event, as the README tells it, on a platform of real time."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.house.sources import CHECKOUT
from tests.waiting import eventually
from tests.walk.platforms import Platform

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
UNIT = "commune_police_00340"


@pytest.fixture(scope="module")
def event() -> str:
    """The event of the README, letter by letter."""
    found = re.search(r'```json\n(\{\n  "specversion".*?\n\})\n```', README, re.DOTALL)
    assert found is not None
    return found.group(1)


def token(platform: Platform, *whose: str) -> str:
    return str(platform.told("token", "--agency", "police", "--unit", UNIT, *whose)["token"])


def police(platform: Platform, *whose: str, **headers: str) -> httpx.Client:
    everyone = {"Authorization": f"Bearer {token(platform, *whose)}", **headers}
    return httpx.Client(
        base_url=platform.endpoints()["agencies"]["police"], headers=everyone, trust_env=False, timeout=60
    )


def publish(client: httpx.Client, body: str) -> httpx.Response:
    return client.post("/v1/events", content=body.encode(), headers={"Content-Type": "application/cloudevents+json"})


def test_the_event_of_the_readme_is_accepted_and_seen(running: Platform, event: str) -> None:
    sent = json.loads(event)
    with police(running, "--publisher") as publisher:
        first, again = publish(publisher, event), publish(publisher, event)
        assert (first.status_code, again.status_code) == (202, 200)
        assert first.json() == again.json()
        other = publish(publisher, event.replace("TRE-EM 01", "TRE-EM 02"))
        assert other.status_code == 409
        assert "TRE-EM" not in other.text

        def status() -> Any:
            return publisher.get("/v1/events", params={"source": sent["source"], "id": sent["id"]}).json()

        eventually(lambda: status()["status"] == "recorded")
        assert status()["case"] == sent["subject"]
    with police(running, "--audience", "police", **{"X-Purpose": "case_work"}) as reader:
        path = f"/v1/cases/{sent['subject']}"
        eventually(lambda: reader.get(path).status_code == 200)
        values = [fact.get("values", {}) for fact in reader.get(path).json()["facts"]]
        assert "TRE-EM 01" in {value.get("child_name") for value in values}


def test_a_reader_sees_what_its_unit_published_a_moment_ago(running: Platform, event: str) -> None:
    with (
        police(running, "--publisher") as publisher,
        police(running, "--audience", "police", **{"X-Purpose": "case_work"}) as reader,
    ):
        for number in range(300, 310):
            receipt = publish(publisher, event.replace("000117", f"000{number}"))
            assert receipt.status_code == 202
            seen = reader.get(f"/v1/cases/CP-2026-000{number}", headers={"X-After": receipt.headers["X-After"]})
            assert seen.status_code == 200, seen.text


def test_the_command_publishes_from_standard_input(running: Platform, event: str) -> None:
    another = event.replace("000117", "000118")
    done = running.run("publish", "-", "--agency", "police", "--json", said=another)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["receipt"]["source"] == UNIT


def test_the_command_publishes_a_batch_and_names_what_was_refused(
    running: Platform, event: str, tmp_path: Path
) -> None:
    good = json.loads(event.replace("000117", "000119"))
    bad = json.loads(event.replace("000117", "000120")) | {"type": "police.no_such_thing.v1"}
    (tmp_path / "batch.json").write_text(json.dumps([good, bad]))
    done = running.run("publish", str(tmp_path / "batch.json"), "--agency", "police")
    assert done.returncode == 1
    assert "1 of 2 were refused" in done.stderr
    assert "accepted" in done.stdout
    assert "TRE-EM" not in done.stdout + done.stderr


def test_what_was_sealed_before_a_rotation_is_read_after_it(running: Platform, event: str) -> None:
    with (
        police(running, "--publisher") as publisher,
        police(running, "--audience", "police", **{"X-Purpose": "case_work"}) as reader,
    ):
        receipt = publish(publisher, event.replace("000117", "000400"))
        after = {"X-After": receipt.headers["X-After"]}
        before = reader.get("/v1/cases/CP-2026-000400", headers=after).json()["facts"]
        sealed = [one for one in running.told("keys", "list", "--owner", "police") if one["data_keys"]]
        done = running.told("keys", "rotate", "--owner", "police")
        assert done["rewrapped"] == sum(one["data_keys"] for one in sealed) > 0
        assert {one["version"] for one in running.told("keys", "list", "--owner", "police")} == {2}
        assert {one["version"] for one in running.told("keys", "list", "--owner", "health")} == {1}
        assert reader.get("/v1/cases/CP-2026-000400").json()["facts"] == before
        assert publish(publisher, event.replace("000117", "000401")).status_code == 202


def test_a_token_of_somebody_else_is_not_made(running: Platform) -> None:
    done = running.run("token", "--agency", "health", "--unit", UNIT, "--publisher")
    assert done.returncode == 2
    assert "no unit of health" in done.stderr


def test_secrets_are_for_their_owner_alone(running: Platform) -> None:
    private = [
        running.data_dir / "endpoints.json",
        *files(running.data_dir / "run"),
        *files(running.data_dir / "secrets"),
        *files(running.data_dir / "logs"),
    ]
    assert {path.stat().st_mode & 0o077 for path in private} == {0}
    passwords = json.loads((running.data_dir / "secrets" / "postgres.json").read_bytes()).values()
    for process in psutil.process_iter(["cmdline"]):
        assert not [word for word in process.info["cmdline"] or [] if any(password in word for password in passwords)]


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]

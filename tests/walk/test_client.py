"""The agencies' client and `chungtay publish` at a real door: receipts that prove, refusals that say what to mend."""

import json
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chungtay_client import BadEventError, Client, NotFoundError, OtherContentError, ReceiptBrokenError, keys_of

from tests.endurance.outboxes import UNIT, event
from tests.waiting import eventually
from tests.walk.platforms import Platform

pytestmark = [pytest.mark.walk, pytest.mark.timeout(300)]

Event = dict[str, Any]


@pytest.fixture
def agency(running: Platform) -> Iterator[Client]:
    token = running.told("token", "--agency", "police", "--unit", UNIT, "--publisher")["token"]
    with Client(running.endpoints()["agencies"]["police"], token, language="en") as client:
        yield client


@pytest.fixture
def reference() -> str:
    return f"CL-{secrets.randbelow(10**9)}"


def bad(reference: str) -> Event:
    wrong = event(reference, 1)
    return wrong | {"id": f"{reference}-bad", "data": wrong["data"] | {"carer_relationship": "TRE-EM-7Q2"}}


def test_a_receipt_proves_what_was_sent(agency: Client, running: Platform, reference: str) -> None:
    first, again = agency.publish(event(reference, 1)), agency.publish(event(reference, 1))
    assert (first.duplicate, again.duplicate) == (False, True)
    assert first.receipt == again.receipt
    agency.verify_receipt(first.receipt, first.sent)
    with pytest.raises(ReceiptBrokenError):
        agency.verify_receipt(first.receipt, first.sent.replace(b"7Q2", b"7Q3"))
    with pytest.raises(ReceiptBrokenError):
        agency.verify_receipt(first.receipt, first.sent, {})
    written = json.loads((running.data_dir / "secrets" / "receipt_keys.json").read_bytes())
    assert set(agency.receipt_keys()) <= set(written)
    with pytest.raises(OtherContentError):
        agency.publish(event(reference, 1) | {"time": "2026-04-06T21:11:00+07:00"})


def test_every_receipt_of_a_batch_proves_its_own_event(agency: Client, reference: str) -> None:
    results = list(agency.publish_many([event(reference, 1), bad(reference), event(reference, 2)]))
    assert [one.outcome for one in results] == ["accepted", "refused", "accepted"]
    keys = agency.receipt_keys()
    for one in results:
        if one.receipt is not None:
            agency.verify_receipt(one.receipt, one.sent, keys)
    problem = results[1].problem
    assert problem is not None
    assert [(fault.pointer, fault.code) for fault in problem.errors] == [("/data/carer_relationship", "unknown_code")]
    assert "7Q2" not in str(problem)


def test_a_rehearsal_writes_nothing(agency: Client, reference: str) -> None:
    assert not agency.validate(event(reference, 1)).duplicate
    with pytest.raises(NotFoundError):
        agency.status(UNIT, f"{reference}-1")
    with pytest.raises(BadEventError):
        agency.validate(bad(reference))
    assert [one.outcome for one in agency.publish_many([event(reference, 1)], dry_run=True)] == ["accepted"]
    agency.publish(event(reference, 1))
    assert agency.validate(event(reference, 1)).duplicate


def test_what_became_of_it(agency: Client, reference: str) -> None:
    agency.publish(event(reference, 1))
    eventually(lambda: agency.status(UNIT, f"{reference}-1").status == "recorded")
    told = agency.status(UNIT, f"{reference}-1")
    assert (told.case, told.problem) == (reference, None)
    assert told.recorded_at is not None


def test_the_doors_public_keys_are_for_everybody(running: Platform) -> None:
    for door in running.endpoints()["agencies"].values():
        answer = httpx.get(f"{door}/v1/receipt-keys", trust_env=False)
        assert answer.status_code == 200
        (key,) = answer.json()["keys"]
        assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("OKP", "Ed25519", "EdDSA", "sig")
        assert set(key) == {"kty", "crv", "alg", "use", "kid", "x"}
        assert keys_of(answer.json()).keys() == {key["kid"]}


SERIES: dict[str, Callable[[list[Event]], str]] = {
    "lines": lambda events: "\n".join(json.dumps(one) for one in events),
    "array": lambda events: json.dumps(events, indent=1),
}


@pytest.mark.parametrize("form", SERIES)
def test_the_command_goes_on_where_it_was_stopped(running: Platform, reference: str, tmp_path: Path, form: str) -> None:
    events = [event(f"{reference}-{number}", 1) for number in range(3)]
    (tmp_path / "events").write_text(SERIES[form](events[:2]))
    first = running.run("publish", str(tmp_path / "events"), "--agency", "police")
    assert first.returncode == 0, first.stderr
    assert first.stdout.splitlines()[-1] == "2 accepted, 0 duplicate, 0 refused"
    again = running.run("publish", "-", "--agency", "police", "--json", said=SERIES[form](events))
    assert again.returncode == 0, again.stderr
    assert [(one["item"], one["outcome"]) for one in json.loads(again.stdout)] == [
        (1, "duplicate"),
        (2, "duplicate"),
        (3, "accepted"),
    ]


def test_the_command_names_each_refused_item_in_a_line(running: Platform, reference: str) -> None:
    elsewhere = event(reference, 1) | {"source": "hospital_h1"}
    twice = '{"source": "commune_police_00340", "source": "commune_police_00340"}'
    lines = [json.dumps(one) for one in (event(reference, 1), bad(reference), elsewhere)]
    done = running.run("publish", "-", "--agency", "police", said="\n".join([*lines, twice]))
    assert done.returncode == 1
    told = re.split(r"\n(?! )", done.stdout.strip())  # what is wrong with an item stands under it
    assert [one.split()[0] for one in told] == ["accepted", "refused", "refused", "refused"]
    assert "item 2: 422" in told[1]
    assert "/data/carer_relationship" in told[1]
    assert "item 3" in told[2]
    assert "403" in told[2]
    assert "item 4" in told[3]
    assert "3 of 4 were refused" in done.stderr
    assert "7Q2" not in done.stdout + done.stderr


def test_the_command_says_how_far_a_broken_series_went(running: Platform, reference: str) -> None:
    done = running.run(
        "publish", "-", "--agency", "police", "--json", said=json.dumps(event(reference, 1)) + '\n{"id":'
    )
    assert done.returncode == 2
    assert [one["outcome"] for one in json.loads(done.stdout)] == ["accepted"]
    assert "1 accepted, 0 duplicate, 0 refused" in done.stderr
    assert "item 2: cut off" in done.stderr


def test_the_command_rehearses(running: Platform, reference: str, agency: Client) -> None:
    done = running.run("publish", "-", "--agency", "police", "--dry-run", said=json.dumps(event(reference, 1)))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "would be accepted  item 1",
        "1 accepted, 0 duplicate, 0 refused, nothing was written",
    ]
    with pytest.raises(NotFoundError):
        agency.status(UNIT, f"{reference}-1")

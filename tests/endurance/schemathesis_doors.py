"""Every address of every service under generated requests, held against the contract that the service itself tells.

    python -m tests.endurance.schemathesis_doors [--cases 5000] [--seed 1] [--only police] [--json]

What must not be: an answer of 5xx (but the 503 that says when to ask again), an answer that its contract does not
know, a success without a token that holds. The short test `tests/contract/test_every_door.py` walks this code.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from events.parties import Agency
from infra.embedded.postgres import EmbeddedPostgres
from infra.postgres.migrate import migrate
from infra.postgres.roles import OWNER
from services.agencies.openapi import example_event
from tests.fixtures.every_door import Service, every_door

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
TO_ALL = frozenset({"receipt_keys", "list_event_types", "event_schema"})
PUBLISHING = frozenset({"publish_events", "event_status"})
_PATIENCE_S = 30
_REFUSED = 400
_ASK_AGAIN = 503
_IDS = st.text("abc", min_size=1, max_size=4)  # few, so that they meet again
_values = st.none() | st.booleans() | st.integers() | st.text(max_size=40) | st.lists(st.integers(), max_size=3)


@dataclass
class Figures:
    """What came of the cases at one address."""

    service: str
    operation: str
    cases: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def fire(services: Iterable[Service], cases: int, first_seed: int = 1) -> Iterator[Figures]:
    """Yield the figures of each address, as many cases at each, together as many as wanted at least."""
    found = [(service, operation) for service in services for operation in _operations(service)]
    each = -(-cases // len(found))
    for number, (service, operation) in enumerate(found):
        yield _fire_at(service, operation, each, first_seed + number)


def _operations(service: Service) -> list[Any]:
    session = requests.Session()
    session.trust_env = False
    contract = session.get(f"{service.url}/openapi.json", timeout=_PATIENCE_S).json()
    session.close()
    schema = schemathesis.openapi.from_dict(contract)
    results: list[Any] = list(schema.get_all_operations())
    return [found.ok() for found in results]


def _fire_at(service: Service, operation: Any, cases: int, number: int) -> Figures:
    name = operation.definition.raw["operationId"]
    figures = Figures(service.name, name)
    session = requests.Session()
    session.trust_env = False

    @seed(number)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), data=st.data())
    def run(case: Any, data: st.DataObject) -> None:
        headers, holds = _headers(service, name, data)
        _make_likely(case, service, name, data)
        answer = case.call(base_url=service.url, session=session, headers=headers, timeout=_PATIENCE_S)
        figures.cases += 1
        figures.answers[answer.status_code] += 1
        assert holds or answer.status_code >= _REFUSED, "a success without a token that holds"
        case.validate_response(answer, checks=_checks(answer))

    try:
        run()
    except (Exception, BaseExceptionGroup) as problem:  # noqa: BLE001 - told in the table, and the others go on
        figures.faults.append(_in_short(problem))
    finally:
        session.close()
    return figures


def _checks(answer: Any) -> list[Any]:
    """Leave out the check for 5xx where the service says that it is to be asked again, and when."""
    asked_again = answer.status_code == _ASK_AGAIN and "retry-after" in answer.headers
    return [check for check in CHECKS if not (asked_again and check is not_a_server_error)]


def _headers(service: Service, operation: str, data: st.DataObject) -> tuple[dict[str, str], bool]:
    """Return whose token goes with a request, mostly the right one, and whether it holds."""
    right = service.publisher if operation in PUBLISHING else service.reader
    wrong = service.reader if operation in PUBLISHING else service.publisher
    token, holds = data.draw(
        st.sampled_from([(right, True)] * 7 + [(wrong, False), (right + "x", False), ("", False)]), label="token"
    )
    headers = {"Authorization": token} if token else {}
    if data.draw(st.booleans(), label="purpose"):
        headers["X-Purpose"] = service.purpose
    return headers, holds or operation in TO_ALL


def _make_likely(case: Any, service: Service, operation: str, data: st.DataObject) -> None:
    """Let most cases get past the first checks: a case that exists, an event that is nearly right."""
    if not data.draw(st.integers(0, 3), label="as generated"):
        return
    for header in ("X-After", "x-after"):
        case.headers.pop(header, None)
    if "case" in (case.path_parameters or {}):
        case.path_parameters["case"] = service.case
    if "type_" in (case.path_parameters or {}):
        case.path_parameters["type_"] = example_event(Agency(service.name))["type"]
    if operation == "event_status":
        case.query |= {"source": service.unit, "id": data.draw(_IDS, label="id")}
    if operation == "publish_events":
        _make_event(case, service, data)


def _make_event(case: Any, service: Service, data: st.DataObject) -> None:
    event = example_event(Agency(service.name))
    event = {**event, "data": {**event["data"]}, "id": data.draw(_IDS, label="id")}
    if data.draw(st.booleans(), label="bend"):
        bent = data.draw(st.sampled_from([event, event["data"]]), label="where")
        bent[data.draw(st.sampled_from(sorted(bent)), label="field")] = data.draw(_values, label="value")
    for name in [name for name in case.headers if name.lower().startswith("ce-")]:
        del case.headers[name]
    match case.media_type:
        case "application/cloudevents-batch+json":
            case.body = [event] * data.draw(st.integers(0, 3), label="copies")
        case "application/json":
            told = {name: value for name, value in event.items() if name != "data" and isinstance(value, str)}
            case.headers.update({f"ce-{name}": quote(value) for name, value in told.items()})
            case.body = event["data"]
        case _:
            case.body = event


def _in_short(problem: BaseException) -> str:
    several = problem.exceptions if isinstance(problem, BaseExceptionGroup) else (problem,)
    return " | ".join(f"{type(one).__name__}: {str(one)[:600]}" for one in several)


@contextmanager
def a_database() -> Iterator[tuple[Any, Path]]:
    """A server of this run's own, migrated and empty, and a folder for keys."""
    with tempfile.TemporaryDirectory(prefix="chungtay-doors-", dir="/dev/shm") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder) / "data", durable=False)
        keys = Path(folder) / "keys"
        keys.mkdir()
        try:
            databases = server.start()
            migrate(databases.main(OWNER), databases.keys(OWNER), databases.passwords)
            yield databases, keys
        finally:
            server.stop()


def main(arguments: Sequence[str]) -> int:
    """Fire as many cases as asked for; print the figures; return 1 when something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="one service: police, health, education, social_work, coordination, audit")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    with a_database() as (databases, keys), every_door(databases, keys) as services:
        wanted = [service for service in services if asked.only in {None, service.name}]
        figures = []
        for one in fire(wanted, asked.cases, asked.seed):
            figures.append(one)
            sys.stderr.write(f"{one.service} {one.operation}: {one.cases}\n")
    _show(figures, as_json=asked.json)
    return 1 if any(one.faults for one in figures) else 0


def _show(figures: Sequence[Figures], *, as_json: bool) -> None:
    if as_json:
        rows = [{**vars(one), "answers": {str(code): n for code, n in sorted(one.answers.items())}} for one in figures]
        sys.stdout.write(json.dumps(rows, indent=1) + "\n")
        return
    table = Table("service", "operation", "cases", "answers", "faults", title="Every door", title_justify="left")
    for one in figures:
        answers = " ".join(f"{code}:{count}" for code, count in sorted(one.answers.items()))
        table.add_row(one.service, one.operation, str(one.cases), answers, str(len(one.faults)))
    total = sum(one.cases for one in figures)
    table.add_row("all", "", str(total), "", str(sum(len(one.faults) for one in figures)), end_section=True)
    Console(width=160).print(table)
    for one in figures:
        for fault in one.faults:
            sys.stdout.write(f"{one.service} {one.operation}: {fault}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

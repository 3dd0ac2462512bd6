"""Processes die while they hold in clear what is sealed from others: killed, and by a fault that could leave a core.

A door holds a statement that is not sent to its end, each reading service the pages that it has just opened; the
others die with statements under way. Whoever may hold something in clear dies by a fault: a kill leaves no more.
"""

import asyncio
import json
import resource
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from events.units import unit
from services.cli.demo.sights import SEATS, Seat
from services.cli.passes import Pass, issue
from tests.endurance.victims import kill
from tests.privacy.canaries.marks import text_of
from tests.privacy.canaries.scene import Scene

_CRASHING = ("agencies", "coordination", "audit", "keys")  # doors and desks open and seal, the key service has the keys
_KILLED = ("case_record", "relay", "projector")
ALL = (*_CRASHING, *_KILLED)
FEW = ("agencies", "case_record", "projector")  # to start all again takes a busy machine half a minute
_SMALL = 4096  # bytes that a reader takes before it is asked to wait


@contextmanager
def cores_allowed() -> Iterator[None]:
    """Let whatever is started meanwhile leave as large a core as this machine allows."""
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def crash(scene: Scene, victims: Sequence[str]) -> None:
    """Let services die at once, and wait until all of them work again."""
    with ExitStack() as held:
        for unit_id in scene.story.references:
            held.enter_context(_half_said(scene, unit_id))
        for seat in SEATS:
            held.enter_context(_hardly_read(scene, seat))
        asyncio.run(_all_die(scene, victims))
    left = list(scene.works_in.iterdir())
    assert not left, f"who crashed left {left}"


async def _all_die(scene: Scene, victims: Sequence[str]) -> None:
    how = dict.fromkeys(_CRASHING, signal.SIGABRT) | dict.fromkeys(_KILLED, signal.SIGKILL)
    await asyncio.gather(*(kill(scene.platform, name, how[name]) for name in victims))


@contextmanager
def _half_said(scene: Scene, unit_id: str) -> Iterator[None]:
    """Keep a door waiting for the end of a statement that holds words which nobody may find."""
    agency = unit(unit_id).agency
    body = json.dumps({"data": text_of(scene.story.next_refused())}, ensure_ascii=False).encode()
    token = issue(scene.platform.data_dir, Pass(agency, unit_id))
    head = _head("POST", "/v1/events", token, f"Content-Type: application/json\r\nContent-Length: {len(body) + 1}")
    with _connected(scene.story.desks.endpoints.agencies[agency.value]) as connection:
        connection.sendall(head + body)
        yield


@contextmanager
def _hardly_read(scene: Scene, seat: Seat) -> Iterator[None]:
    """Take only the beginning of a case that was opened for a reader; what was sent before is with its service then."""
    listed = scene.story.desks.sit(seat).get("/v1/cases").json()["cases"]
    asked = f"/v1/cases/{listed[0]['case']}"
    head = _head("GET", asked, scene.token_of(seat), f"X-Purpose: {seat.purpose}")
    with _connected(scene.story.desks.url_of(seat)) as connection:
        connection.sendall(head)
        assert connection.recv(_SMALL).startswith(b"HTTP/1.1 200"), seat.key
        yield


@contextmanager
def _connected(url: str) -> Iterator[socket.socket]:
    where = urlsplit(url)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
        connection.settimeout(60)
        connection.connect((where.hostname, where.port))
        yield connection


def _head(method: str, path: str, token: str, more: str) -> bytes:
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{more}\r\n\r\n".encode()

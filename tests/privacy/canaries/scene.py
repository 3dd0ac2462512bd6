"""One running platform under search: where everything of it can be reached, and what was said on it."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import psycopg
from psycopg.sql import SQL, Identifier

from events.parties import Agency
from events.units import unit
from infra.postgres.roles import OWNER
from services.cli.demo.player import cases
from services.cli.demo.sights import SEATS, Seat
from services.cli.desk import Desk
from services.cli.passes import Pass, issue
from tests.privacy.canaries.relay import Relay, relay_before
from tests.privacy.canaries.story import Story
from tests.waiting import found
from tests.walk.platforms import Platform

_WITHIN_S = 60.0
CHANNEL = "chungtay"  # of the planted leaks; the platform tells no channel anything


class Piece(NamedTuple):
    """Some bytes of a surface: where they were read, who read them there as an audience (if so), and what they are."""

    where: str
    raw: bytes
    reader: str | None = None
    glass: str | None = None  # that the reader broke, and reads under


class Message(NamedTuple):
    """What lies on the broker; its headers are lines."""

    topic: str
    value: bytes
    key: bytes
    headers: bytes


@dataclass
class Scene:
    """The platform, the stories told on it of two children, and a relay before each of its services.

    What commands print comes through a relay of its own: they take no answer that holds more than it should.
    """

    platform: Platform
    story: Story
    gone: Story  # of the child of whom a court lets everything go
    relays: dict[str, Relay]
    before_commands: Relay
    left_open: "list[psycopg.Connection[Any]]" = field(default_factory=list)  # by planted leaks
    started: "list[subprocess.Popen[bytes]]" = field(default_factory=list)  # by planted leaks
    heads: "list[Piece]" = field(default_factory=list)  # the headers of the pages that were read last
    messages: "list[Message]" = field(default_factory=list)  # those of the broker that were read last
    older: bytes = b""  # a dump of the read models from before anything was erased

    def __post_init__(self) -> None:
        self.listener = self.connect(OWNER)  # from before anything is said
        self.anybody = httpx.Client(timeout=60, trust_env=False)  # who has no token
        self._doors: dict[str, httpx.Client] = {}

    @property
    def stories(self) -> tuple[Story, Story]:
        """Both stories."""
        return self.story, self.gone

    def close(self) -> None:
        """End what planted leaks have left running."""
        for connection in (*self.left_open, self.listener):
            connection.close()
        for client in (self.anybody, *self._doors.values()):
            client.close()
        for process in self.started:
            process.kill()
            process.communicate()

    def desk(self, seat: Seat) -> Desk:
        """Return where an audience reads, behind the relay."""
        return Desk(self.url_of(seat), self.token_of(seat), purpose=seat.purpose)

    def post(self, seat: Seat, path: str, body: bytes) -> httpx.Response:
        """Send JSON to where an audience reads, behind the relay, as one of its readers; again where that is asked."""
        headers = {
            "Authorization": f"Bearer {self.token_of(seat)}",
            "X-Purpose": seat.purpose,
            "Content-Type": "application/json",
        }

        def answered() -> httpx.Response | None:
            answer = self.anybody.post(self.url_of(seat) + path, content=body, headers=headers)
            return None if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE else answer

        return found(answered, _WITHIN_S)

    def url_of(self, seat: Seat) -> str:
        """Return the address at which an audience reads, behind the relay."""
        return self.relays[self.story.desks.url_of(seat)].url

    def token_of(self, seat: Seat) -> str:
        """Return a token of one of the audience's readers."""
        return issue(self.platform.data_dir, Pass(unit(seat.unit).agency, seat.unit, seat.audience, seat.duties))

    def door(self, unit_id: str) -> httpx.Client:
        """Return a client of a unit's door, behind the relay, with the unit's token."""
        agency = unit(unit_id).agency
        token = issue(self.platform.data_dir, Pass(agency, unit_id))
        url = self.relays[self.story.desks.endpoints.agencies[agency.value]].url
        if unit_id not in self._doors:
            self._doors[unit_id] = httpx.Client(
                base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False
            )
        return self._doors[unit_id]

    @property
    def exports(self) -> Path:
        """Where sheets are written to."""
        return self.platform.data_dir.parent / "exports"

    @property
    def works_in(self) -> Path:
        """The folder in which every process of the platform works."""
        return self.platform.data_dir.parent / "works_in"

    @property
    def temporary(self) -> Path:
        """Where every process of the platform puts temporary files."""
        return self.platform.data_dir.parent / "temporary"

    def auditors_cases(self) -> list[str]:
        """Return what the auditor calls the cases of both stories: nothing happened later in another."""
        rows = cases(self.story.desks.sit(SEATS[-1]))
        return [str(row["case"]) for row in rows if row["kind"] == "case"][: len(self.stories)]

    def behind_relay(self) -> Platform:
        """Return the platform as commands see it that are told the relay's address instead of the auditor's service."""
        shadow = self.platform.data_dir.parent / "behind_relay"
        if not shadow.exists():
            shadow.mkdir()
            (shadow / "secrets").symlink_to(self.platform.data_dir / "secrets")
        text = (self.platform.data_dir / "endpoints.json").read_text(encoding="utf-8")
        text = text.replace(self.story.desks.endpoints.audit, self.before_commands.url)
        (shadow / "endpoints.json").write_text(text, encoding="utf-8")
        return Platform(shadow)

    def connect(self, role: str, database: str = "chungtay") -> "psycopg.Connection[Any]":
        """Open a database as one of the platform's roles."""
        passwords = json.loads((self.platform.data_dir / "secrets" / "postgres.json").read_bytes())
        where = urlsplit(self.platform.endpoints()["postgres"])
        return psycopg.connect(
            host=where.hostname,
            port=where.port,
            dbname=database,
            user=role,
            password=passwords[role],
            autocommit=True,
        )


@contextmanager
def scene_of(platform: Platform, story: Story, gone: Story) -> Iterator[Scene]:
    """Put a relay before every service of a platform on which stories are about to be told, and listen."""
    endpoints = story.desks.endpoints
    ports = json.loads((platform.data_dir / "run" / "ports.json").read_bytes())
    targets = {*endpoints.agencies.values(), endpoints.coordination, endpoints.audit}
    targets |= {f"http://127.0.0.1:{port}" for port in ports.values()}  # those without a door have a face for operators
    with ExitStack() as stack:
        relays = {target: stack.enter_context(relay_before(target)) for target in targets}
        scene = Scene(platform, story, gone, relays, stack.enter_context(relay_before(endpoints.audit)))
        stack.callback(scene.close)
        scene.listener.execute(SQL("listen {}").format(Identifier(CHANNEL)))
        yield scene


AGENCY_UNITS = {
    Agency.POLICE: "commune_police_00340",
    Agency.HEALTH: "hospital_h1",
    Agency.EDUCATION: "school_s1",
    Agency.SOCIAL_WORK: "child_protection_00340",
}

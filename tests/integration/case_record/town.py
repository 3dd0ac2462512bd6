"""Two units on a real register that name one child, and what each side is told of that."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import psycopg

from events.envelope import RecordedEvent
from events.likeness import Child
from events.units import units
from infra.crypto.likeness_keys import MATCHING, LikenessKeys
from infra.embedded.databases import Databases
from infra.postgres.roles import KEY_SERVICE, OWNER, door_role
from tests.controls.office import Office
from tests.controls.statements import States, at, states
from tests.controls.worlds import POLICE, SCHOOL

CHILD = Child("Đỗ Thị Ánh", date(2016, 9, 2), "ZZ 001 316 000 001")
SUGGESTED, CONFIRMED = "case.match_suggested.v1", "case.match_confirmed.v1"
ESTABLISHED, ENDED = "case.match_established.v1", "case.match_ended.v1"
HEARD = states("police.report_received", "R-201", at=at("06T21:10"), by=POLICE, id="heard")
RAISED = states("education.concern_raised", "R-301", at=at("07T08:00"), by=SCHOOL, id="raised")


@dataclass
class Town:
    """A case record on a real register, and what the doors marked."""

    office: Office
    databases: Databases
    keys: LikenessKeys = field(default_factory=LikenessKeys.draw)

    def mark(self, told: States, child: Child) -> None:
        """Keep the marks of a statement as its door does, in its own role."""
        role = door_role(units()[told.by].agency)
        made = self.keys.marks(child)
        with psycopg.connect(self.databases.main(role)) as connection:
            connection.execute(
                f"insert into {role}.likeness (source, id, reference, recipient, key_version, marks)"
                " values (%s, %s, %s, %s, %s, %s)",
                [told.by, told.id, told.about, MATCHING, made.key_version, list(made.marks)],
            )

    def name(self, told: States, child: Child) -> None:
        self.mark(told, child)
        self.office.send(told)

    def forget(self, told: States) -> None:
        door = door_role(units()[told.by].agency)
        with psycopg.connect(self.databases.main(KEY_SERVICE)) as connection:
            connection.execute(f"select {door}.forget_likeness(%s, %s, %s)", [told.by, told.about, []])

    def order(self, about: str, by: str, *, id_: str = "order") -> None:
        """Let a door accept an order to seal, as the case record knows nothing of yet."""
        with psycopg.connect(self.databases.main(OWNER)) as connection:
            connection.execute("insert into sealing.orders values (%s, %s, %s, %s, now())", [by, id_, about, [by]])

    def answer(self, type_: str, about: str, by: str, **more: Any) -> None:
        """Let a unit answer what was suggested to it."""
        match = more.pop("match", None) or self.told(about)[0].data.open["match"]
        self.office.send(states(f"privacy.{type_}", about, at=at("08T09:00"), by=by, match=match, **more))

    def told(self, about: str) -> list[RecordedEvent]:
        return [one for one in self.office.history(about) if one.type.startswith("case.match_")]

    def types(self, about: str) -> list[str]:
        return [one.type for one in self.told(about)]

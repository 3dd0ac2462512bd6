"""An outbox under test: filled in transactions of its own, shipped by a process of its own, judged at the end."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from chungtay_client import Receipt, ReceiptBrokenError, outbox, verify
from chungtay_client.outbox.databases import Database, database_of

from tests.controls.bad_input import good

UNIT = "commune_police_00340"
_FIRST, _LATER = "police.report_received.v1", "police.scene_attended.v1"
_WITHIN_S = 60


def event(reference: str, number: int) -> dict[str, Any]:
    """Return the n-th event of a reference (from 1): a report, then what was seen at the scene."""
    sent = good(_FIRST if number == 1 else _LATER, id=f"{reference}-{number}", subject=reference, source=UNIT)
    found: dict[str, Any] = json.loads(sent)
    return found


def misspelt(reference: str, number: int) -> dict[str, Any]:
    """Return an event that a door refuses for good."""
    return event(reference, number) | {"type": "police.no_such_thing.v1"}


def turns(references: Sequence[str], events_each: int) -> list[dict[str, Any]]:
    """Return the events of all references, taking turns."""
    return [event(reference, number) for number in range(1, events_each + 1) for reference in references]


@dataclass(frozen=True)
class Judged:
    """What became of what was added; `out_of_order`: receipts of a reference that came before an earlier event's."""

    added: int
    delivered: int
    references: int
    out_of_order: int
    receipts_that_hold: int

    @property
    def holds(self) -> bool:
        return self.added == self.delivered == self.receipts_that_hold > 0 and self.out_of_order == 0


@dataclass(frozen=True)
class Outbox:
    """The outbox in one database."""

    where: str

    @property
    def database(self) -> Database:
        return database_of(self.where)

    def create(self) -> None:
        with self.database.transaction() as connection:
            outbox.create(connection)

    def add(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Add events, each in a transaction of its own."""
        for one in events:
            with self.database.transaction() as connection:
                outbox.add(connection, one)

    def command(self, command: str, *words: str) -> list[str]:
        return [sys.executable, "-m", "chungtay_client.outbox", command, "--database", self.where, *words]

    def run(self, url: str, token: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        """Ship what may go out, to the end."""
        line = self.command("run", "--url", url, "--token-file", str(token), "--until-empty", *words)
        return subprocess.run(line, capture_output=True, text=True, check=False, timeout=_WITHIN_S)

    def start(self, url: str, token: Path, *, before: Sequence[str] = ()) -> "subprocess.Popen[bytes]":
        """Start shipping; `before` stands before the command (another network namespace)."""
        line = [*before, *self.command("run", "--url", url, "--token-file", str(token))]
        return subprocess.Popen(line, stderr=subprocess.PIPE)

    def status(self) -> dict[str, Any]:
        line = self.command("status", "--json")
        done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=_WITHIN_S)
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def delivered(self) -> int:
        return len(self.rows("state = 'delivered'"))

    def rows(self, which: str = "1 = 1") -> list[tuple[str, str, str, Receipt | None]]:
        """Return id, reference, event and receipt, in the order in which they were added."""
        with self.database.transaction() as connection:
            cursor = connection.cursor()
            cursor.execute(f"select id, subject, event, receipt from chungtay_outbox where {which} order by number")
            return [(*row[:3], json.loads(row[3]) if row[3] else None) for row in cursor.fetchall()]

    def judged(self, keys: Mapping[str, bytes]) -> Judged:
        """Compare what was added with the receipts it has: each one's signature, and the order they stand in."""
        rows = self.rows()
        numbers: defaultdict[str, list[int]] = defaultdict(list)
        for _, reference, _, receipt in rows:
            if receipt is not None:
                numbers[reference].append(receipt["number"])
        return Judged(
            added=len(rows),
            delivered=sum(receipt is not None for *_, receipt in rows),
            references=len({reference for _, reference, _, _ in rows}),
            out_of_order=sum(earlier >= later for each in numbers.values() for earlier, later in pairwise(each)),
            receipts_that_hold=sum(_holds(receipt, sent, keys) for _, _, sent, receipt in rows),
        )


def _holds(receipt: Receipt | None, sent: str, keys: Mapping[str, bytes]) -> bool:
    if receipt is None:
        return False
    try:
        verify(receipt, sent.encode(), keys)
    except ReceiptBrokenError:
        return False
    return True

"""Cut the network of the client's machine, and see that its outbox delivers all afterwards, in order.

The client runs in a network namespace of its own, tied to this one by a virtual cable whose end here is set down for
the time of the cut; doors listen on loopback alone, so a wire passes on from the cable's end to the door. Needs root
and iproute2. Figures: what was added before, during and after the cut; what was delivered; what was overtaken.
"""

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from chungtay_client import Client

from tests.endurance.outboxes import UNIT, Outbox, turns
from tests.endurance.relays import wire_to
from tests.waiting import eventually
from tests.walk.platforms import Platform

_HERE, _THERE = "10.231.7.1", "10.231.7.2"
_DELIVERED_WITHIN_S = 180.0
_RECORDED = "select count(*) from case_record.inbox where source = %s and id = any(%s) and status = 'recorded'"
_OVERTAKEN = """
select count(*) from case_record.inbox one join case_record.inbox other using (source, reference)
where source = %s and one.id = any(%s) and one.sequence < other.sequence
  and array_position(%s::text[], one.id) > array_position(%s::text[], other.id)"""


@dataclass(frozen=True)
class Figures:
    """What came of one cut; `overtaken_*`: events that passed an earlier one of their reference."""

    cut_s: float
    references: int
    added_before: int
    added_during: int
    added_after: int
    delivered_during: int
    delivered: int
    receipts_that_hold: int
    overtaken_at_the_door: int
    recorded: int
    overtaken_in_the_register: int
    seconds_to_deliver: float

    @property
    def added(self) -> int:
        return self.added_before + self.added_during + self.added_after

    @property
    def holds(self) -> bool:
        overtaken = self.overtaken_at_the_door + self.overtaken_in_the_register
        return self.delivered_during == overtaken == 0 and {
            self.delivered,
            self.receipts_that_hold,
            self.recorded,
        } == {self.added}


@dataclass(frozen=True)
class Cable:
    """A virtual cable to a namespace, in which the client's machine lies."""

    name: str

    @property
    def inside(self) -> list[str]:
        return ["ip", "netns", "exec", self.name]

    def set(self, state: str) -> None:
        ip("link", "set", self.name, state)


def ip(*words: str) -> None:
    """Change the network; what cannot be done is told in the words of the system."""
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"No network namespace can be made here: ip {' '.join(words)}: {done.stderr.strip()}")


@contextmanager
def another_machine() -> Iterator[Cable]:
    """Make a machine with a network of its own, and a cable to it."""
    name = f"ct{secrets.token_hex(3)}"
    ip("netns", "add", name)
    try:
        ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("addr", "add", f"{_HERE}/30", "dev", name)
        ip("-n", name, "addr", "add", f"{_THERE}/30", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
        ip("link", "set", name, "up")
        yield Cable(name)
    finally:
        subprocess.run(["ip", "link", "del", name], capture_output=True, check=False)
        ip("netns", "del", name)


@dataclass(frozen=True)
class Shipped:
    """What the shipping itself showed: how many events left while the cable was cut, how long the rest took."""

    during: int
    seconds: float


def cut(platform: Platform, folder: Path, *, cut_s: float, references: int, events_each: int) -> Figures:
    """Ship while the cable is up, down for `cut_s`, and up again; then compare what was added with the register."""
    door = platform.endpoints()["agencies"]["police"]
    token = folder / "token"
    token.write_text(platform.told("token", "--agency", "police", "--unit", UNIT, "--publisher")["token"])
    box, run = Outbox(str(folder / "agency.db")), secrets.token_hex(4)
    box.create()
    events = turns([f"CUT-{run}-{number}" for number in range(references)], events_each)
    third = len(events) // 3
    shipped = _ship(box, [events[:third], events[third : 2 * third], events[2 * third :]], door, token, cut_s)
    with Client(door, "none is needed") as client:
        judged = box.judged(client.receipt_keys())
    ids = [one["id"] for one in events]
    with platform.connect() as register:
        eventually(lambda: _count(register, _RECORDED, UNIT, ids) == len(ids), _DELIVERED_WITHIN_S)
        recorded, overtaken = _count(register, _RECORDED, UNIT, ids), _count(register, _OVERTAKEN, UNIT, ids, ids, ids)
    return Figures(
        cut_s=cut_s,
        references=judged.references,
        added_before=third,
        added_during=third,
        added_after=len(events) - 2 * third,
        delivered_during=shipped.during,
        delivered=judged.delivered,
        receipts_that_hold=judged.receipts_that_hold,
        overtaken_at_the_door=judged.out_of_order,
        recorded=recorded,
        overtaken_in_the_register=overtaken,
        seconds_to_deliver=shipped.seconds,
    )


def _ship(box: Outbox, events: Sequence[list[dict[str, Any]]], door: str, token: Path, cut_s: float) -> Shipped:
    """Ship the first events, cut the cable, add the second, mend it, add the third, and wait for all."""
    before, during, after = events
    with another_machine() as cable, wire_to(door, _HERE) as wire:
        shipping = box.start(wire.address, token, before=cable.inside)
        try:
            box.add(before)
            eventually(lambda: box.delivered() == len(before), _DELIVERED_WITHIN_S)
            _say(f"{len(before)} delivered; the cable is cut for {cut_s:.0f} s")
            cable.set("down")
            box.add(during)
            time.sleep(cut_s)
            delivered = box.delivered() - len(before)
            cable.set("up")
            mended = time.monotonic()
            _say(f"mended: {delivered} delivered meanwhile, {box.status()['pending']} pending")
            box.add(after)
            eventually(lambda: box.delivered() == sum(map(len, events)), _DELIVERED_WITHIN_S)
            return Shipped(delivered, round(time.monotonic() - mended, 1))
        finally:
            shipping.terminate()
            shipping.communicate()


def main() -> int:
    """Run once on a platform of its own; return 0 when everything was delivered in order."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.cut_network", description=__doc__)
    parser.add_argument("--cut-s", type=float, default=60.0, help="how long the cable is cut")
    parser.add_argument("--references", type=int, default=12)
    parser.add_argument("--events-each", type=int, default=25)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        platform = Platform(Path(folder) / "data")
        try:
            _say("starting a platform")
            platform.told("up", "--detach")
            figures = cut(
                platform,
                Path(folder),
                cut_s=asked.cut_s,
                references=asked.references,
                events_each=asked.events_each,
            )
        finally:
            platform.run("down")
    _print(figures, as_json=asked.json)
    return 0 if figures.holds else 1


def _count(register: psycopg.Connection[tuple[int]], query: LiteralString, *values: object) -> int:
    row = register.execute(query, values).fetchone()
    return row[0] if row else 0


def _print(figures: Figures, *, as_json: bool) -> None:
    told = asdict(figures) | {"added": figures.added, "holds": figures.holds}
    if as_json:
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
        return
    for name, value in told.items():
        sys.stdout.write(f"{name.replace('_', ' '):28} {value}\n")


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())

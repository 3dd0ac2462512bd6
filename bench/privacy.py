"""What privacy costs an event and a read, each beside the same with it switched off: `python -m bench.privacy`.

Run it while nothing else runs. An event: every compartment of scenario 1 sealed and opened with keys at hand, beside
the same values only written out and read in. A read: a whole case answered over real databases and a real key service,
beside the same with the policies switched off, with sealing switched off, with both. Only this bench switches off.
All are taken in turn in one run, so that what disturbs one disturbs the others.
"""

import asyncio
import json
import secrets
import tempfile
import time
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from statistics import median
from unittest.mock import patch

from bench.figures import Figure, keep
from events.codec import canonical
from events.compartments import Compartment, SealedCompartment
from events.parties import Audience
from infra.crypto.boxes import Binding, OpenedBox, open_box, seal
from infra.crypto.data_keys import Asking
from infra.crypto.opener import NotOpened, Opener, ToOpen
from projections.disclosure.box_plan import person_of
from services.reading.rules import Ruling
from tests.fixtures.databases import running_server
from tests.integration.reading.house import House, build_house
from tests.privacy.scenario_streams import case_streams

_ROUNDS, _READS_IN_A_ROUND = 40, 5
_STEP = 21  # the case is in full work: every category is filled
_READER = "child_protection_00340"
_PERMITTED = Ruling(allowed=True, policies=("switched-off",))


def main() -> None:
    """Measure, print each and keep it among the figures."""
    keep([*_of_an_event(), *asyncio.run(_of_a_read())])


def _of_an_event() -> Iterator[Figure]:
    marks = [(event, mark) for events in case_streams(_STEP).values() for event in events for mark in event.data.sealed]
    events = len({event.id for event, _ in marks})
    key = secrets.token_bytes(32)
    plain = [(event, mark, _in_the_clear(mark)) for event, mark in marks]

    def sealed() -> list[SealedCompartment]:
        return [
            seal(one, Binding.of(event), owner=mark.owner, subject=mark.subject, key_id=mark.key_id, data_key=key)
            for event, mark, one in plain
        ]

    boxes = [(Binding.of(event), box) for (event, _), box in zip(marks, sealed(), strict=True)]
    written = [canonical(dict(one.values)) for _, _, one in plain]
    taken = _in_turn(
        {
            "seal": sealed,
            "write": lambda: [canonical(dict(one.values)) for _, _, one in plain],
            "open": lambda: [open_box(box, binding, key) for binding, box in boxes],
            "read": lambda: [json.loads(one) for one in written],
        }
    )
    each = {name: seconds / len(marks) * 1e6 for name, seconds in taken.items()}
    whole = {name: seconds / events * 1e6 for name, seconds in taken.items()}
    yield Figure("sealing: one compartment sealed", "us", each["seal"], bare=each["write"])
    yield Figure("sealing: one compartment opened", "us", each["open"], target=10, bare=each["read"])
    yield Figure("sealing: all compartments of one event sealed", "us", whole["seal"], bare=whole["write"])


async def _of_a_read() -> Sequence[Figure]:
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            house = await build_house(server.copy(), Path(folder), stack, _STEP)
            taken = await _reads(house)
    whole = taken["both on"]
    return [
        Figure("read of a case: all on", "ms", whole * 1e3, bare=taken["both off"] * 1e3),
        Figure("read of a case: what the policies add", "us", (whole - taken["no policy"]) * 1e6),
        Figure("read of a case: policies' share", "%", (whole / taken["no policy"] - 1) * 100, target=10),
        Figure("read of a case: what opening adds", "ms", (whole - taken["no sealing"]) * 1e3),
    ]


async def _reads(house: House) -> Mapping[str, float]:
    desk = await house.desk(Audience.CASE_MANAGER)
    client = await house.client(desk)
    headers = {"Authorization": house.pass_of(_READER), "X-Purpose": "case_work"}
    [case, *_] = (await client.get("/v1/cases", headers=headers)).raise_for_status().json()["cases"]

    async def read() -> bytes:
        return (await client.get(f"/v1/cases/{case['case']}", headers=headers)).raise_for_status().content

    remembering = _Remembering(desk.opener)
    with patch.object(Opener, "open_all", remembering.open_all):
        told = json.loads(await read())
    if not any("values" in fact for fact in told["facts"]):
        raise RuntimeError("nothing was opened: there is nothing to measure")
    with _no_sealing(remembering), _no_policy():
        if json.loads(await read()) != told:
            raise RuntimeError("with both switched off something else was answered")
    taken: dict[str, list[float]] = {name: [] for name in ("both on", "no policy", "no sealing", "both off")}
    for _ in range(_ROUNDS):
        taken["both on"].append(await _seconds(read))
        with _no_policy():
            taken["no policy"].append(await _seconds(read))
        with _no_sealing(remembering):
            taken["no sealing"].append(await _seconds(read))
            with _no_policy():
                taken["both off"].append(await _seconds(read))
    return {name: median(rounds) for name, rounds in taken.items()}


class _Remembering:
    """What an opener answered once; answers it again without a key."""

    def __init__(self, opener: Opener) -> None:
        self._open = opener.open_all
        self._answers: dict[str, OpenedBox | NotOpened] = {}

    async def open_all(self, asking: Asking, items: Sequence[ToOpen]) -> list[OpenedBox | NotOpened]:
        missing = [item for item in items if item.sealed.box not in self._answers]
        if missing:
            opened = await self._open(asking, missing)
            self._answers |= {item.sealed.box: one for item, one in zip(missing, opened, strict=True)}
        return [self._answers[item.sealed.box] for item in items]


@contextmanager
def _no_sealing(remembering: _Remembering) -> Iterator[None]:
    with patch.object(Opener, "open_all", remembering.open_all):
        yield


@contextmanager
def _no_policy() -> Iterator[None]:
    def permit(*_: object, **__: object) -> Ruling:
        return _PERMITTED

    with patch("services.reading.endpoints.at_desk", permit), patch("services.reading.answering.on_case", permit):
        yield


async def _seconds(read: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    for _ in range(_READS_IN_A_ROUND):
        await read()
    return (time.perf_counter() - begun) / _READS_IN_A_ROUND


def _in_turn(works: Mapping[str, Callable[[], object]]) -> Mapping[str, float]:
    """Return the median seconds of each, all done once a round."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(_ROUNDS):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - begun)
    return {name: median(rounds) for name, rounds in taken.items()}


def _in_the_clear(mark: SealedCompartment) -> Compartment:
    return Compartment(mark.category, mark.part, person_of(mark), mark.form, json.loads(b64decode(mark.box)))


if __name__ == "__main__":
    main()

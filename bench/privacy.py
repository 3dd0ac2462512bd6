"""What privacy costs an event and a read, each beside the same with it switched off: `python -m bench.privacy`.

Run it while nothing else runs. An event: every compartment of scenario 1 sealed and opened with keys at hand, beside
the same values only written out and read in. A read: a whole case answered over real databases and a real key service
in a process of its own, beside the same with nothing remembered of earlier decisions, with the policies switched off,
with sealing switched off, with both. Only this bench switches off. All are done once a round, each round beginning with
another, with no collection of garbage between; what one adds is the median of what it added in each round.
"""

import asyncio
import gc
import json
import secrets
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack, contextmanager
from dataclasses import replace
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
from services.reading import rules
from services.reading.rules import Ruling
from tests.fixtures.databases import running_server
from tests.integration.keys.key_service_process import KeyServiceProcess
from tests.integration.reading.house import House, build_house
from tests.privacy.scenario_streams import case_streams

_ROUNDS, _READS = 40, 100
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
    rounds = _in_turn(
        {
            "seal": sealed,
            "write": lambda: [canonical(dict(one.values)) for _, _, one in plain],
            "open": lambda: [open_box(box, binding, key) for binding, box in boxes],
            "read": lambda: [json.loads(one) for one in written],
        }
    )
    taken = {name: median(seconds) for name, seconds in rounds.items()}
    each = {name: seconds / len(marks) * 1e6 for name, seconds in taken.items()}
    whole = {name: seconds / events * 1e6 for name, seconds in taken.items()}
    fields = len(marks) / sum(len(one.values) for _, _, one in plain)
    yield Figure("sealing: one compartment sealed", "us", each["seal"], bare=each["write"])
    yield Figure("sealing: one compartment opened", "us", each["open"], bare=each["read"])
    yield Figure("sealing: one field opened", "us", each["open"] * fields, target=10, bare=each["read"] * fields)
    yield Figure("sealing: all compartments of one event sealed", "us", whole["seal"], bare=whole["write"])


async def _of_a_read() -> Sequence[Figure]:
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            house = await build_house(server.copy(), Path(folder), stack, _STEP)
            # In the reader's own process the two would wait for one interpreter lock.
            keys = KeyServiceProcess.start(house.directory, house.databases)
            stack.callback(keys.kill)
            taken = await _reads(replace(house, keys=keys.url))
    whole, bare = median(taken["all on"]), median(taken["no policy"])
    return [
        Figure("read of a case: all on", "ms", whole * 1e3, bare=median(taken["all off"]) * 1e3),
        Figure("read of a case: what the policies add", "us", _added(taken, "all on", "no policy") * 1e6),
        Figure("read of a case: policies' share, asked again", "%", _added(taken, "all on", "no policy") / bare * 100),
        Figure(
            "read of a case: policies' share, asked first",
            "%",
            _added(taken, "asked first", "no policy") / bare * 100,
            target=10,
        ),
        Figure("read of a case: what opening adds", "ms", _added(taken, "all on", "no sealing") * 1e3),
    ]


def _added(taken: Mapping[str, Sequence[float]], one: str, other: str) -> float:
    """Return the median over rounds of what one took more than the other in the same round, in seconds."""
    return median(more - less for more, less in zip(taken[one], taken[other], strict=True))


async def _reads(house: House) -> Mapping[str, Sequence[float]]:
    desk = await house.desk(Audience.CASE_MANAGER)
    client = await house.client(desk)
    headers = {"Authorization": house.pass_of(_READER), "X-Purpose": "case_work"}
    [case, *_] = (await client.get("/v1/cases", headers=headers)).raise_for_status().json()["cases"]

    async def read() -> bytes:
        return (await client.get(f"/v1/cases/{case['case']}", headers=headers)).raise_for_status().content

    remembering = _Remembering(desk.opener)
    ways: Mapping[str, Sequence[Callable[[], AbstractContextManager[object]]]] = {
        "all on": (),
        "asked first": (_nothing_remembered,),
        "no policy": (_no_policy,),
        "no sealing": (lambda: _no_sealing(remembering),),
        "all off": (lambda: _no_sealing(remembering), _no_policy),
    }
    with _no_sealing(remembering):
        told = json.loads(await read())
    if not any("values" in fact for fact in told["facts"]):
        raise RuntimeError("nothing was opened: there is nothing to measure")
    taken: dict[str, list[float]] = {name: [] for name in ways}
    with _no_garbage_collected():
        for name in _each_beginning_once(ways, _READS):
            with ExitStack() as switched:
                for way in ways[name]:
                    switched.enter_context(way())
                begun = time.perf_counter()
                answered = await read()
                taken[name].append(time.perf_counter() - begun)
            if json.loads(answered) != told:
                raise RuntimeError(f"{name}: something else was answered")
    return taken


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


@contextmanager
def _nothing_remembered() -> Iterator[None]:
    with patch.object(rules, "_evaluated", rules._evaluated.__wrapped__):  # noqa: SLF001 - its memory alone is left out
        yield


@contextmanager
def _no_garbage_collected() -> Iterator[None]:
    """A collection takes longer than a policy, and would come in the same turn each time."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _in_turn(works: Mapping[str, Callable[[], object]]) -> Mapping[str, Sequence[float]]:
    """Return the seconds of the processor that each took in each round."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    with _no_garbage_collected():
        for name in _each_beginning_once(works, _ROUNDS):
            begun = time.thread_time()
            works[name]()
            taken[name].append(time.thread_time() - begun)
    return taken


def _each_beginning_once(names: Iterable[str], rounds: int) -> Iterator[str]:
    """Return every name once a round, the rounds beginning with each in turn."""
    ordered = [*names]
    for round_ in range(rounds):
        first = round_ % len(ordered)
        yield from ordered[first:] + ordered[:first]


def _in_the_clear(mark: SealedCompartment) -> Compartment:
    return Compartment(mark.category, mark.part, person_of(mark), mark.form, json.loads(b64decode(mark.box)))


if __name__ == "__main__":
    main()

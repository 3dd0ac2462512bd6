"""The command `publish`: events of a file or pipe, at an agency's door."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BufferedReader
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

import httpx
from chungtay_client import (
    Client,
    ClientError,
    Credentials,
    NotReachableError,
    Problem,
    Result,
    TokenSource,
    UnavailableError,
)
from chungtay_client.files import NotEventsError, Readable, events_in
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from events.codec import NotStrictJsonError, read_strictly
from events.parties import Agency
from events.units import units
from infra.tls import believed_at
from infra.web.problems import Problem as Refusal
from services.cli.endpoints import read_endpoints
from services.cli.output import Listing, console, say
from services.cli.passes import Pass, issue
from services.cli.stops import Exit, Stop

_REQUEST_S = 15.0
_UNDER = "\n             "  # each fault of an event on a line of its own, below the event


@dataclass(frozen=True, slots=True)
class Sent:
    """Where events go to, and whether they stay there."""

    data_dir: Path
    agency: Agency
    dry_run: bool
    credentials: Path | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One event as it was read; no source: it is not JSON as a door takes it, and `fault` says why."""

    number: int
    event: bytes
    source: str | None
    fault: str = ""


def publish(to: Sent, file: str, *, as_json: bool) -> None:
    """Publish the events of a file or pipe at an agency's door as they are read, and tell what came of each.

    Raises:
        Stop: if anything is refused, the file is no series of events, or the door does not answer.
    """
    url = read_endpoints(to.data_dir).agencies.get(to.agency.value)
    if url is None:
        raise Stop(Exit.USED_WRONGLY, f"{to.agency} has no door yet.")
    counts = dict.fromkeys(("accepted", "duplicate", "refused"), 0)
    try:
        with _opened(file) as stream, _bar(stream, quiet=as_json) as watched, Listing(as_json=as_json) as listing:
            for number, result in _results(watched, url, to):
                counts[result.outcome] += 1
                listing.add(_document(number, result), _line(number, result))
    except (NotEventsError, ClientError) as broken:
        _end(broken, counts)
    if counts["refused"]:
        raise Stop(Exit.CHECK_FAILED, f"{counts['refused']} of {sum(counts.values())} were refused: {_summary(counts)}")
    if not as_json:
        say(_summary(counts) + (", nothing was written" if to.dry_run else ""))


def _end(broken: Exception, counts: Mapping[str, int]) -> NoReturn:
    """End the command in the midst of the events, telling what was done by then.

    Raises:
        Stop: always.
    """
    done = f"{_summary(counts)}. Then:"
    match broken:
        case NotEventsError():
            raise Stop(Exit.USED_WRONGLY, f"{done} not JSON as a door takes it: {broken}.") from None
        case UnavailableError() | NotReachableError():
            again = "Run it again: what was taken counts as duplicate."
            raise Stop(Exit.NOT_REACHABLE, f"{done} {broken} {again}") from None
        case _:
            raise Stop(Exit.CHECK_FAILED, f"{done} {broken}") from None


def _results(stream: Readable, url: str, sent: Sent) -> Iterator[tuple[int, Result]]:
    """Publish what is read, each unit's run of events with that unit's token; yield item numbers and results.

    Raises:
        NotEventsError: if the series breaks off; what stood before that was published.
    """
    broken: list[NotEventsError] = []
    for source, items in groupby(_items(_until_broken(stream, broken)), key=lambda item: item.source):
        if source is None or not _is_unit(source, sent.agency):
            yield from ((item.number, _refused_here(item)) for item in items)
            continue
        http = httpx.Client(timeout=_REQUEST_S, trust_env=False, verify=believed_at(url))
        with _token(sent, source) as token_, Client(url, token_, language="en", http=http) as client:
            numbers: deque[int] = deque()
            results = client.publish_many(_noted(items, numbers), dry_run=sent.dry_run)
            yield from ((numbers.popleft(), result) for result in results)
    if broken:
        raise broken[0]


@contextmanager
def _token(sent: Sent, source: str) -> Iterator[str | Callable[[], str]]:
    """Give a token of the unit: by its own key where its credentials are named, else of the built-in issuer.

    Raises:
        Stop: if there are no credentials in that file, or no token is to be had.
    """
    if sent.credentials is None:
        yield issue(sent.data_dir, Pass(sent.agency, source))
        return
    try:
        held = Credentials.read(sent.credentials)
    except (OSError, ValueError) as problem:
        why = problem.strerror if isinstance(problem, OSError) else "it holds no credentials"
        raise Stop(Exit.USED_WRONGLY, f"Cannot use {sent.credentials}: {why}.") from None
    with TokenSource(held, language="en", http=httpx.Client(timeout=_REQUEST_S, trust_env=False)) as tokens:
        yield tokens


def _until_broken(stream: Readable, broken: list[NotEventsError]) -> Iterator[bytes]:
    try:
        yield from events_in(stream)
    except NotEventsError as why:
        broken.append(why)


def _noted(items: Iterator[Item], numbers: deque[int]) -> Iterator[bytes]:
    for item in items:
        numbers.append(item.number)
        yield item.event


def _items(events: Iterator[bytes]) -> Iterator[Item]:
    for number, event in enumerate(events, start=1):
        try:
            body = read_strictly(event)
        except NotStrictJsonError as fault:
            yield Item(number, event, None, str(fault))
            continue
        source = body.get("source") if isinstance(body, dict) else None
        yield Item(number, event, source if isinstance(source, str) else None, "no event with a source")


def _refused_here(item: Item) -> Result:
    """Refuse what cannot be sent, for its source has no token, in the door's own words."""
    why = Refusal("not_your_unit") if item.source else Refusal("not_json", words={"reason": item.fault})
    problem = Problem.read(why.document("en"), why.status, "en")
    return Result(item.number, "refused", item.event, problem=problem)


def _is_unit(source: str, agency: Agency) -> bool:
    return source in units() and units()[source].agency is agency


def _document(number: int, result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {"item": number, "outcome": result.outcome}
    if result.problem is not None:
        return told | {"problem": result.problem.document}
    return told if result.receipt is None else told | {"receipt": result.receipt}


def _line(number: int, result: Result) -> str:
    if result.problem is not None:
        told = result.problem
        faults = (f"{fault.pointer or '/'}: {fault.detail}" for fault in told.errors)
        lines = [part for part in (f"item {number}: {told.status} {told.title}", told.detail, *faults) if part]
        return f"refused    {_UNDER.join(lines)}"
    if result.receipt is None:
        return f"would be {result.outcome}  item {number}"
    kept = result.receipt
    return f"{result.outcome:9}  {kept['source']} {kept['id']}  receipt {kept['number']}  {kept['accepted_at']}"


def _summary(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items())


class _Watched:
    """A stream of which a bar shows how much was read; a pipe gives what it has, however little."""

    def __init__(self, stream: BufferedReader, advance: Callable[[int], None]) -> None:
        self._stream = stream
        self._advance = advance

    def read(self, size: int, /) -> bytes:
        """Return some bytes; none at the end."""
        piece = self._stream.read1(size)
        self._advance(len(piece))
        return piece


@contextmanager
def _opened(file: str) -> Iterator[BufferedReader]:
    """Open a file, or standard input.

    Raises:
        Stop: if it cannot be read.
    """
    with ExitStack() as stack:
        try:
            stream = stack.enter_context(Path(file).open("rb")) if file != "-" else _standard_input()
        except OSError as problem:
            raise Stop(Exit.USED_WRONGLY, f"Cannot read {file}: {problem.strerror}.") from None
        yield stream


def _standard_input() -> BufferedReader:
    assert isinstance(sys.stdin.buffer, BufferedReader)  # noqa: S101 - as Python opens it
    return sys.stdin.buffer


@contextmanager
def _bar(stream: BufferedReader, *, quiet: bool) -> Iterator[Readable]:
    """Show on a terminal how much of the stream was read; of a pipe nobody knows how long it is."""
    columns = (TextColumn("publishing"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=os.fstat(stream.fileno()).st_size or None)
        yield _Watched(stream, lambda count: bar.advance(task, count))

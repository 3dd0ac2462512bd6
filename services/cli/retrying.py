"""The command `retry`: cases that wait in quarantine are tried again once the cause is mended.

Asked for by a row that only the role `retrier` may add; the projector does it, now or when it is back.
"""

from pathlib import Path
from uuid import UUID

from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.quarantine import HeldStream, ask_retry, held_streams, is_retried
from infra.postgres.roles import RETRIER
from services.cli.endpoints import dsn_as, read_endpoints
from services.cli.output import say, say_json, typed
from services.cli.stops import Exit, Stop
from services.cli.waiting import soon

_WITHIN_S = 60.0  # a projector that was just killed is back long before


def retry(data_dir: Path, stream: UUID | None, *, every: bool, as_json: bool) -> None:
    """Have one stream or all tried again, wait until it is done, and tell what still waits.

    Raises:
        Stop: if neither or both are named, nothing answers, or something still waits.
    """
    if every == (stream is not None):
        raise Stop(Exit.USED_WRONGLY, f"Name a stream, as {typed('status', data_dir)} shows it, or say --all.")
    operator = read_endpoints(data_dir).postgres
    try:
        before = _concerned(operator, stream)
        if before:
            _wait(operator, ask_retry(dsn_as(data_dir, RETRIER), stream), data_dir)
        left = _concerned(operator, stream)
    except DatabaseUnreachableError:
        raise Stop(Exit.NOT_REACHABLE, f"The database does not answer: see {typed('status', data_dir)}.") from None
    _tell(before, left, as_json=as_json)


def told(held: HeldStream) -> dict[str, str | int]:
    """Return a waiting stream for a program: an opaque id, codes and counts."""
    return {
        "stream": str(held.stream),
        "version": held.version,
        "reason": held.reason,
        "since": held.since.isoformat(timespec="seconds"),
        "waiting": held.waiting,
    }


def _concerned(operator: str, stream: UUID | None) -> list[HeldStream]:
    return [held for held in held_streams(operator) if stream in {None, held.stream}]


def _wait(operator: str, request: int, data_dir: Path) -> None:
    """Return when the projector has done what was asked for.

    Raises:
        Stop: if it does not within a minute.
    """
    later = f"The projector has not done it yet and will when it is back: see {typed('status', data_dir)}."
    soon(lambda: is_retried(operator, request) or None, _WITHIN_S, Stop(Exit.NOT_REACHABLE, later))


def _tell(before: list[HeldStream], left: list[HeldStream], *, as_json: bool) -> None:
    still = {held.stream for held in left}
    released = [str(held.stream) for held in before if held.stream not in still]
    if as_json:
        say_json({"released": released, "left": [told(held) for held in left]})
    else:
        for stream in released:
            say(f"shown again   {stream}")
        for held in left:
            say(f"still waits   {held.stream}  version {held.version}  {held.reason}")
        if not before:
            say("Nothing waits in quarantine.")
    if left:
        raise Stop(Exit.CHECK_FAILED, "The cause is not mended: the projector's log names the place of each fault.")

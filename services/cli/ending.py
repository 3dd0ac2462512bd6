"""The commands `access end` and `access list`: whose tokens open nothing any more, at once, whatever they still say."""

import re
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue
from rich.markup import escape
from rich.table import Column, Table

from infra.postgres.ended_access import Ending, end_access, latest_endings
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.roles import ACCESS_ENDER
from infra.web.tokens import SKEW
from services.cli.data_dir import DataDir
from services.cli.endpoints import dsn_as, read_endpoints
from services.cli.options import trusted_issuer
from services.cli.output import say, say_json, typed
from services.cli.stops import Exit, Stop

_SUBJECT = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,256}")


def end(data_dir: Path, subject: str, *, as_json: bool) -> None:
    """End every token that a subject has, and tell what is still to be done where tokens are made.

    Raises:
        Stop: if no token could name such a subject, or the database does not answer.
    """
    if not _SUBJECT.fullmatch(subject):
        raise Stop(Exit.USED_WRONGLY, "A subject is the `sub` of a token: 1 to 256 printable characters.")
    try:
        until = end_access(dsn_as(data_dir, ACCESS_ENDER), subject, SKEW)
    except DatabaseUnreachableError:
        again = f"Whether it was done is not known: see {typed('status', data_dir)}, then do it again."
        raise Stop(Exit.NOT_REACHABLE, again) from None
    issuer = trusted_issuer(DataDir(data_dir))
    url = issuer.url if issuer else None
    if as_json:
        say_json({"subject": subject, "until": _second(until), "acts_in_s": 0, "issuer": url})
        return
    say(f"Ended, in force now (0 s): every token of {escape(subject)} that was issued up to {_second(until)}.")
    say(_still_to_do(url))


def list_endings(data_dir: Path, most: int, *, as_json: bool) -> None:
    """Show whose tokens were ended, the latest first, when, and by whose word.

    Raises:
        Stop: if the database does not answer.
    """
    try:
        found = latest_endings(read_endpoints(data_dir).postgres, most)
    except DatabaseUnreachableError:
        raise Stop(Exit.NOT_REACHABLE, f"The database does not answer: see {typed('status', data_dir)}.") from None
    if as_json:
        say_json([_told(one) for one in found])
        return
    named = ("subject", "tokens issued up to", "asked by", "at")
    table = Table(*(Column(name, overflow="fold") for name in named))  # an id that is cut short can be given to nobody
    for one in found:
        table.add_row(escape(one.subject), _second(one.until), one.asked_by, _second(one.asked_at))
    say(table)


def _still_to_do(issuer: str | None) -> str:
    """Return what the operator has yet to do: whoever still has a role gets a new token for it."""
    if issuer is None:
        return "Development tokens are made by whoever runs this platform: one made a minute from now is taken again."
    return (
        f"At {issuer} take the role away, or disable the person or client, if you have not: a token issued there a"
        " minute from now is taken again. The platform keeps no list of people: compare the id with the one there."
    )


def _told(one: Ending) -> dict[str, JsonValue]:
    return {
        "subject": one.subject,
        "until": _second(one.until),
        "asked_by": one.asked_by,
        "asked_at": _second(one.asked_at),
    }


def _second(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")

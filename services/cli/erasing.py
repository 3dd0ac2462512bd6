"""The command `erase`: shows what would be destroyed and what must be kept, asks, states it at the door, and waits.

The statement is recorded like any other before a key is destroyed; what the law keeps is stated as denied.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer
from pydantic import JsonValue
from rich.table import Table

from events.labels import Category, Person
from events.parties import Agency
from events.privacy import ErasureDenied, SubjectKeyDestroyed
from infra.clock import clock_from
from infra.ids import RandomIds
from infra.keys.wire import ErasureJudged, ErasureTold, WishAsked
from services.cli.data_dir import DataDir
from services.cli.desk import Desk, told
from services.cli.endpoints import read_endpoints
from services.cli.key_desk import asked_of_keys
from services.cli.output import console, say, say_json, typed
from services.cli.passes import Pass, issue
from services.cli.stops import Exit, Stop
from services.cli.waiting import soon

_WITHIN_S = 60.0
_WHO_MAY = "The unit that leads the case may or, while there is none, one that received the report."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody with authority wants erased, in the words of the social-work unit that states it."""

    unit: str
    reference: str
    authority: str
    basis: str
    persons: tuple[Person, ...]
    categories: tuple[Category, ...]
    parts: tuple[str, ...]


def erase(data_dir: Path, wanted: Wanted, *, unasked: bool, as_json: bool) -> None:
    """Erase what may be erased once somebody at a terminal said yes, or `unasked`; else only show what would be.

    Raises:
        Stop: if the unit has no such case, nobody could be asked or said yes, or nothing answers.
    """
    judged = asked_of_keys(data_dir, lambda keys: keys.judge_erasure(_wish(wanted)))
    if not judged.known:
        raise Stop(Exit.USED_WRONGLY, f"{wanted.unit} has no report or case of that reference.")
    if not as_json:
        _show(judged)
    _confirm(judged, unasked=unasked, as_json=as_json)
    desk = Desk(read_endpoints(data_dir).agencies[Agency.SOCIAL_WORK], _token(data_dir, wanted))
    stated, denied = str(RandomIds().uuid()), str(RandomIds().uuid())
    told(desk.publish(_event(data_dir, wanted, stated, SubjectKeyDestroyed.TYPE, _destroyed(wanted))))
    keys = _wait(data_dir, desk, wanted.unit, stated).destroyed
    if judged.kept:
        content = _denied(judged, stated)
        told(desk.publish(_event(data_dir, wanted, denied, ErasureDenied.TYPE, content)))
    if as_json:
        say_json({"statement": stated, "destroyed": keys} | _lines(judged))
    else:
        say(f"{keys} keys destroyed: what they sealed can be read nowhere any more.")


def _confirm(judged: ErasureJudged, *, unasked: bool, as_json: bool) -> None:
    """Ask whether to go on.

    Raises:
        Stop: if the answer is no, or nobody can be asked.
    """
    if unasked:
        return
    if as_json:
        say_json({"statement": None, "destroyed": 0} | _lines(judged))
    if as_json or not (console.is_terminal and sys.stdin.isatty()):
        raise Stop(Exit.USED_WRONGLY, "Nothing was erased: say --yes where nobody can be asked.")
    if not typer.confirm("Destroy these keys? It cannot be undone."):
        raise Stop(Exit.CHECK_FAILED, "Nothing was erased.")


def _show(judged: ErasureJudged) -> None:
    table = Table("category", "part", "owner", "keys", "what becomes of it")
    for line in (*judged.going, *judged.kept):
        fate = f"kept: {line.ground}" if line.ground else "destroyed"
        table.add_row(line.category, line.part, line.owner, str(line.keys), fate)
    say(table)


def _lines(judged: ErasureJudged) -> dict[str, JsonValue]:
    return {
        "going": [line.model_dump(mode="json", exclude={"ground"}) for line in judged.going],
        "kept": [line.model_dump(mode="json") for line in judged.kept],
    }


def _wish(wanted: Wanted) -> WishAsked:
    return WishAsked(
        unit=wanted.unit,
        reference=wanted.reference,
        authority=wanted.authority,
        persons=wanted.persons,
        categories=wanted.categories,
        parts=wanted.parts,
    )


def _destroyed(wanted: Wanted) -> dict[str, JsonValue]:
    return {
        "authority": wanted.authority,
        "legal_basis": wanted.basis,
        "persons": [person.value for person in wanted.persons],
        "categories": [category.value for category in wanted.categories],
        "parts": list(wanted.parts),
    }


def _denied(judged: ErasureJudged, request: str) -> dict[str, JsonValue]:
    """Return what is said of what is kept: the first ground as its code, all of them in words."""
    kept = sorted({f"{line.category}/{line.part}: {line.ground}" for line in judged.kept})
    return {"request": request, "ground": judged.kept[0].ground, "explanation": "; ".join(kept)[:4000]}


def _event(
    data_dir: Path, wanted: Wanted, id_: str, type_: str, content: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    clock = DataDir(data_dir).clock
    return {
        "specversion": "1.0",
        "id": id_,
        "source": wanted.unit,
        "type": type_,
        "subject": wanted.reference,
        "time": clock_from(clock if clock.exists() else None).now().isoformat(),
        "datacontenttype": "application/json",
        "data": dict(content),
    }


def _wait(data_dir: Path, desk: Desk, unit: str, id_: str) -> ErasureTold:
    """Return what was carried out.

    Raises:
        Stop: if it was refused, or is not carried out within a minute.
    """

    def carried_out() -> ErasureTold | None:
        found = asked_of_keys(data_dir, lambda keys: keys.told_erasure(unit, id_))
        if found.done:
            return found
        if told(desk.get("/v1/events", {"source": unit, "id": id_}))["status"] == "rejected":
            raise Stop(Exit.CHECK_FAILED, f"Nothing was erased: {unit} may not state it. {_WHO_MAY}")
        return None

    later = f"It is stated, and will be carried out when everything is back: see {typed('status', data_dir)}."
    return soon(carried_out, _WITHIN_S, Stop(Exit.NOT_REACHABLE, later))


def _token(data_dir: Path, wanted: Wanted) -> str:
    return issue(data_dir, Pass(Agency.SOCIAL_WORK, wanted.unit))

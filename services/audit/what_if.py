"""`python -m services.audit what-if FILE [CASE]`: the recorded cases under another agreement, before anybody signs it.

It says on standard output, a JSON object a line, what would change in each case, named by the auditor's own reference;
last `result`, or `problem` and `reachable`. Fields are named, values never told. Each line has its entry in the access
log before it is said: who asks is the auditor.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from events.labels import Category
from events.parties import Agency, Audience
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.view_reader import After, Wanted
from infra.settings import read_settings
from infra.web.problems import Refused
from infra.web.requester import Requester
from projections.disclosure.agreement import Agreement
from projections.disclosure.document import BadAgreementError, parse
from services.audit.app import audit_desk
from services.audit.changes import Change, Place, changes
from services.audit.endpoints import AuditDesk
from services.audit.history import register_of
from services.reading.answering import agreements_now, load, logged
from services.reading.desk import Visit
from services.reading.writing_down import Told

_PURPOSE = "oversight"
_ROUTE = "agreement what-if"
_AT_A_TIME = 100  # cases
_OPENS_NOTHING = ""  # a token is for the key service, which is not asked
_EVERY = Wanted()
_AWAY = "The database does not answer: see `chungtay status`."
_CHANGED = (
    "The history of a case was changed: `chungtay verify` names the event. Nothing more is told before it is mended."
)
_NO_CASE = "There is no such case: name it as the auditor does."


def main(arguments: Sequence[str]) -> int:
    """Tell what would change; return 0, or 1 when that could not be found out."""
    parser = argparse.ArgumentParser(prog="python -m services.audit what-if", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("person", help="who asks, for the access log")
    parser.add_argument("case", nargs="?", help="the auditor's reference")
    asked = parser.parse_args(arguments)
    try:
        candidate = parse(asked.file.read_text(encoding="utf-8"))
        return asyncio.run(_tell(candidate, asked.person, asked.case))
    except BadAgreementError as problem:
        return _failed(str(problem))
    except DatabaseUnreachableError:
        return _failed(_AWAY, reachable=False)
    except Refused as refused:
        code = refused.problem.code
        told = {"no_answer": _AWAY, "history_changed": _CHANGED}.get(code, _NO_CASE)
        return _failed(told, reachable=code != "no_answer")


async def _tell(candidate: Agreement, person: str, case: str | None) -> int:
    async with AsyncExitStack() as stack:
        desk = await audit_desk(read_settings(), stack)
        requester = Requester(person, Agency.COORDINATION, "inspectorate_01", "reader", Audience.AUDITOR)
        agreements = await agreements_now(desk.reading)
        visit = Visit(desk.reading, requester, _PURPOSE, _ROUTE, agreements, token=_OPENS_NOTHING)
        count = 0
        async for reference in _cases(visit, case):
            answer = await what_if(visit, desk, reference, candidate)
            sys.stdout.write(answer.decode() + "\n")
            count += 1
    _say(result={"cases": count, "now": visit.agreement.version, "then": candidate.version})
    return 0


async def what_if(visit: Visit, desk: AuditDesk, reference: str, candidate: Agreement) -> bytes:
    """Return what would change in one case for each reader.

    Raises:
        Refused: if there is no such case, or it could not be read or the access entry not be written.
    """
    loaded = await load(visit, reference)
    streams = await register_of(desk.register, loaded)
    then = visit.agreements.followed_by(candidate)
    found = changes(loaded, streams, visit.agreements, then, visit.desk.clock.now())
    answer: dict[str, JsonValue] = {"case": reference, "changes": [_line(change) for change in found]}
    return await logged(
        visit, answer, Told(loaded.versions, frozenset(), frozenset({Category.OPERATIONAL}), loaded.policies)
    )


async def _cases(visit: Visit, case: str | None) -> AsyncIterator[str]:
    if case is not None:
        yield case
        return
    after: After | None = None
    while rows := await visit.desk.views.listed(visit.holder, _EVERY, after, _AT_A_TIME):
        for row in rows:
            yield row.reference
        after = After(rows[-1].at, rows[-1].reference)


def _line(change: Change) -> JsonValue:
    return {
        "audience": change.audience.value,
        "unit": change.unit,
        "duty": change.duty.value if change.duty else None,
        "purpose": change.purpose,
        "appears": _listed(change.appears),
        "disappears": _listed(change.disappears),
    }


def _listed(places: Mapping[Place, int]) -> JsonValue:
    return [{**place._asdict(), "times": places[place]} for place in sorted(places, key=str)]


def _failed(problem: str, *, reachable: bool = True) -> int:
    _say(problem=problem, reachable=reachable)
    return 1


def _say(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()

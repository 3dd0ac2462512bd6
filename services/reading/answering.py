"""Answer a reader from its own view: load → choose → open → access entry committed → answer.

Promise: no body is returned before its access entry is on disk; without an entry there is no answer (503). "No such
case" and "not yours" are one answer.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pydantic import JsonValue

from events.compartments import SealedCompartment
from events.labels import Category
from infra.crypto.boxes import Binding, OpenedBox
from infra.crypto.data_keys import Asking, KeysUnreachableError
from infra.crypto.opener import ToOpen
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.view_reader import After, Wanted
from infra.web.problems import Refused
from projections.answers import case_answer, case_line, clause_of_matches
from projections.case_file import CaseFile
from projections.consents import take_back
from projections.disclosure.agreement import Clause
from projections.disclosure.agreements import Agreements
from projections.disclosure.disclose import Disclosed
from projections.facts import Choice, Facts, choose, present
from projections.sharing import Ending
from projections.timeline import timeline
from services.reading.cursors import write_cursor
from services.reading.desk import ReadingDesk, Visit
from services.reading.refusing import refuse
from services.reading.rules import NO_STANDING_GLASS, NO_SUCH_CASE, on_case
from services.reading.under_glass import rows_under_glass
from services.reading.writing_down import ASK_AGAIN_S, Told, write_down


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case as the visitor's view holds it: the file asked for, the files around it, the entries read with it.

    `policies` permitted it. `files` know of every withdrawal of a consent (`endings`), those `held` only of what the
    view has followed.
    """

    file: CaseFile
    files: tuple[CaseFile, ...]
    entries: tuple[Disclosed, ...]
    policies: tuple[str, ...]
    held: tuple[CaseFile, ...]
    endings: tuple[Ending, ...]

    @property
    def versions(self) -> dict[UUID, int]:
        """The streams read and the version up to which each was told."""
        return {one.stream: one.version for one in self.files if self.file.stream in {one.stream, one.root}}


async def agreements_now(desk: ReadingDesk) -> Agreements:
    """Return the agreement's versions; what was adopted before this was called is among them.

    Raises:
        Refused: if they could not be read: nothing is told under an agreement that may have been withdrawn.
    """
    try:
        return await desk.agreements.current()
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None


async def list_cases(visit: Visit, wanted: Wanted, after: After | None, limit: int) -> bytes:
    """Return a page of cases, the latest changed first.

    Raises:
        Refused: if it could not be read or the access entry not be written.
    """
    desk, now = visit.desk, visit.desk.clock.now()
    try:
        rows = await desk.views.listed(visit.holder, wanted, after, limit + 1)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    files = [CaseFile.model_validate_json(row.body) for row in rows[:limit]]
    lines = [
        case_line(file, [file], visit.reader, visit.agreement, now) | {"case": row.reference}
        for file, row in zip(files, rows, strict=False)
    ]
    page: dict[str, JsonValue] = {"cases": list(lines), "has_more": len(rows) > limit, "after": None}
    if len(rows) > limit:
        page["after"] = write_cursor(After(rows[limit - 1].at, rows[limit - 1].reference))
    told = Told({file.stream: file.version for file in files}, frozenset(), frozenset({Category.OPERATIONAL}))
    return await logged(visit, page, told)


async def show_case(visit: Visit, reference: str) -> bytes:
    """Return one case with every fact the visitor may see.

    Raises:
        Refused: if there is none for the visitor, or it could not be read or the access entry not be written.
    """
    now = visit.desk.clock.now()
    loaded = await load(visit, reference)
    choice = choose(loaded.files, loaded.entries, visit.reader, visit.agreement, now)
    answer = case_answer(loaded.file, loaded.files, visit.reader, visit.agreement, now) | {"case": reference}
    answer["facts"] = list(await facts_of(visit, choice))
    told = Told(loaded.versions, choice.rules, choice.categories, loaded.policies)
    by = clause_of_matches(loaded.files, visit.reader, visit.agreement, now) if answer["matches"] else None
    if by:
        told = replace(told, rules=told.rules | {by.id}, categories=told.categories | {by.category})
    return await logged(visit, answer, told)


async def show_timeline(visit: Visit, reference: str, after: int, limit: int) -> bytes:
    """Return a page of what happened in a case, in the order of recording.

    Raises:
        Refused: if there is none for the visitor, or it could not be read or the access entry not be written.
    """
    now = visit.desk.clock.now()
    loaded = await load(visit, reference)
    found = timeline(loaded.files, loaded.entries, visit.reader, visit.agreement, now)
    lines = found.lines[after : after + limit]
    has_more = after + limit < len(found.lines)
    page: dict[str, JsonValue] = {
        "entries": list(lines),
        "has_more": has_more,
        "after": after + limit if has_more else None,
    }
    return await logged(visit, page, Told(loaded.versions, found.rules, found.categories, loaded.policies))


async def load(visit: Visit, reference: str) -> Loaded:
    """Return a case by the visitor's own name for it.

    Raises:
        Refused: if there is none for the visitor, or it could not be read or the access entry not be written.
    """
    found = await find(visit, reference)
    if not isinstance(found, Loaded):
        await refuse(visit, found)
    return found


async def find(visit: Visit, reference: str) -> Loaded | tuple[str, ...]:
    """Return a case by the visitor's own name for it, or the policies by which there is none for the visitor.

    Raises:
        Refused: if it could not be read.
    """
    try:
        if visit.glass is None:
            rows = await visit.desk.views.case(visit.holder, reference)
        else:
            rows = await rows_under_glass(visit, visit.glass)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    if rows is None:
        return (NO_SUCH_CASE if visit.glass is None else NO_STANDING_GLASS,)
    held = tuple(CaseFile.model_validate_json(body) for body in rows.files)
    endings = await endings_of(visit.desk, held)
    files = take_back(held, endings)
    [file] = [one for one in files if one.stream == rows.asked]
    ruling = on_case(visit.asking, file, under_glass=visit.glass is not None)
    if not ruling.allowed:
        return ruling.policies
    entries = tuple(map(Disclosed.model_validate_json, rows.entries))
    return Loaded(file, files, entries, ruling.policies, held, endings)


async def endings_of(desk: ReadingDesk, files: Iterable[CaseFile]) -> tuple[Ending, ...]:
    """Return what was taken back of the consents in these files; what a door accepted before this is among it.

    Raises:
        Refused: if that could not be read: nothing is told by a consent that may have been taken back.
    """
    consents = {(one.unit, one.consent) for file in files for one in file.sharing}
    if not consents:
        return ()
    try:
        found = await desk.withdrawals.found(consents)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    return tuple(Ending(one.unit, one.consent, one.recipients, one.categories, one.accepted_at) for one in found)


async def facts_of(visit: Visit, choice: Choice) -> Facts:
    """Open what was chosen, and nothing else, and return the facts.

    Raises:
        Refused: if the keys could not be reached.
    """
    return present(choice, await open_boxes(visit, choice))


async def open_boxes(visit: Visit, choice: Choice) -> Sequence[dict[str, JsonValue] | None]:
    """Return the values of the chosen boxes, None for each that stays shut.

    Raises:
        Refused: if the keys could not be reached.
    """
    wanted = [_to_open(fact.entry, fact.box, fact.clause) for fact in choice.facts if fact.box]
    try:
        opened = await visit.desk.opener.open_all(Asking(visit.token, visit.purpose, visit.glass), wanted)
    except KeysUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    return [dict(one.values) if isinstance(one, OpenedBox) else None for one in opened]


def _to_open(entry: Disclosed, box: SealedCompartment, clause: Clause) -> ToOpen:
    binding = Binding(entry.source_unit, entry.event_id, entry.type or "")
    return ToOpen(binding, box, frozenset(condition.value for condition in clause.conditions))


async def logged(visit: Visit, answer: JsonValue, told: Told) -> bytes:
    """Write down who is about to be told what, and return the body; in this order and never the other.

    Raises:
        Refused: if the entry could not be written: then nothing is answered.
    """
    return await logged_bytes(visit, json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(), told)


async def logged_bytes(visit: Visit, body: bytes, told: Told) -> bytes:
    """Do the same of a body that is no JSON.

    Raises:
        Refused: if the entry could not be written: then nothing is answered.
    """
    policies = tuple(dict.fromkeys((*visit.policies, *told.policies)))
    await write_down(visit, body, outcome="answered", policies=policies, told=told)
    return body

"""Who looked at a case, told to the child or its representative in plain words; and to the auditor, what was kept back.

An auditor asks on somebody's behalf and hands the answer on. A suspect is told nothing at all; nor is any carer while
a carer is the abuser and nobody knows which (Decree 56/2017 art. 27.1h; Decision 3133).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from events.codes import code_list
from events.labels import Category
from events.units import units
from infra.postgres.access_log import AccessLogs, AccessWanted, AfterEntry, FoundEntry
from infra.postgres.faults import DatabaseUnreachableError
from infra.web.problems import Refused
from projections.disclosure.packaged import category_names
from projections.facts import Choice, choose
from services.audit.access import access_cursor
from services.audit.exemptions import exemption_of, is_carer
from services.reading.answering import Loaded, facts_of, load, logged
from services.reading.desk import Visit
from services.reading.refusing import refuse
from services.reading.rules import Recipient, for_recipient
from services.reading.writing_down import ASK_AGAIN_S, Told

_ABOUT_THE_ABUSER = frozenset({Category.SUSPECT_IDENTITY, Category.RISK_ASSESSMENT})
_NOBODY_KNOWN = frozenset({"unknown", "other"})


@dataclass(frozen=True, slots=True)
class AskedFor:
    """Whose case, and by whom it is asked: a code of the list `relationship`, None for the child itself."""

    case: str
    relationship: str | None


async def tell_subject(
    visit: Visit, logs: AccessLogs, asked: AskedFor, page: tuple[AfterEntry | None, int], *, kept_back: bool = False
) -> bytes:
    """Return a page of who looked, in plain words; or, `kept_back`, what was left out of it and by which exemption.

    Raises:
        Refused: if there is no such case, the recipient may not be told, it could not be read or the access entry not
            be written.
    """
    loaded = await load(visit, asked.case)
    ruling = for_recipient(visit.asking, await _recipient(visit, loaded, asked.relationship))
    if not (ruling.allowed or kept_back):
        await refuse(visit, ruling.policies)
    try:
        shown, has_more = await _page(logs, AccessWanted(tuple(loaded.versions)), page, kept_back=kept_back)
    except DatabaseUnreachableError:
        raise Refused("no_answer", seconds=ASK_AGAIN_S) from None
    answer: dict[str, JsonValue] = {
        "entries": [_kept_back(one) if kept_back else _plain(one) for one in shown],
        "has_more": has_more,
        "after": access_cursor(shown) if has_more else None,
    }
    policies = (*loaded.policies, *ruling.policies)
    told = Told(dict.fromkeys(loaded.versions, 0), frozenset(), frozenset({Category.ACCESS_LOG}), policies)
    return await logged(visit, answer, told)


async def _recipient(visit: Visit, loaded: Loaded, relationship: str | None) -> Recipient:
    """Return what must be known of who is told, as far as an auditor may see it.

    What could not be opened counts as the worst that could lie in it.

    Raises:
        Refused: if the keys could not be reached.
    """
    whole = choose(loaded.files, loaded.entries, visit.reader, visit.agreement, visit.desk.clock.now())
    choice = Choice(tuple(fact for fact in whole.facts if fact.box and fact.place[0] in _ABOUT_THE_ABUSER))
    values = [fact.get("values") for fact in await facts_of(visit, choice)]
    read = [one for one in values if isinstance(one, Mapping)]
    suspects = {str(one["suspect_relationship"]) for one in read if one.get("suspect_relationship")} - _NOBODY_KNOWN
    flagged = any(one.get("carer_is_abuser") is True for one in read) and not any(map(is_carer, suspects))
    return Recipient(
        suspect=relationship in suspects,
        carer=relationship is not None and is_carer(relationship),
        carer_flagged=flagged or len(read) < len(values),
    )


async def _page(
    logs: AccessLogs, wanted: AccessWanted, page: tuple[AfterEntry | None, int], *, kept_back: bool
) -> tuple[Sequence[FoundEntry], bool]:
    """Return a page of what is told, or of what is kept back, and whether there is more.

    Pages are counted over what is returned: one that is short for what it leaves out would tell that something was.

    Raises:
        DatabaseUnreachableError: if the database does not answer.
    """
    after, limit = page
    kept: list[FoundEntry] = []
    while len(kept) <= limit:
        found = await logs.found(wanted, after, limit + 1)
        kept += [one for one in found if (exemption_of(one) is not None) is kept_back]
        if len(found) <= limit:
            break
        after = AfterEntry(found[-1].entry.at, found[-1].audience, found[-1].id)
    return kept[:limit], len(kept) > limit


def _plain(found: FoundEntry) -> JsonValue:
    """Say it so that a parent understands it: which kind of office, why, and what about; never who or what."""
    entry = found.entry
    office, purpose = code_list("agency_type")[units()[entry.unit].agency_type], code_list("purpose")[entry.purpose]
    names = category_names()
    return {
        "at": entry.at.isoformat(),
        "who": {"vi": office.vi, "en": office.en},
        "why": {"vi": purpose.vi, "en": purpose.en},
        "what": [dict(names[Category(code)]) for code in entry.categories],
        "outcome": entry.outcome,
    }


def _kept_back(found: FoundEntry) -> JsonValue:
    exemption = exemption_of(found)
    assert exemption is not None  # noqa: S101 - chosen by it
    return {
        "at": found.entry.at.isoformat(),
        "audience": found.audience.value,
        "unit": found.entry.unit,
        "exemption": exemption.id,
        "basis": exemption.basis,
        "verified": exemption.verified,
    }

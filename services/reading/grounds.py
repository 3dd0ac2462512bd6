"""Answer on what ground each recipient of a case is told of each category: a law's article, or whose consent.

Row 19 of section D says who is told: of all recipients, of its own grounds, or that there is no such case.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from pydantic import JsonValue

from events.consents import ConsentRecorded, ConsentWithdrawn
from events.labels import ROW, Category, Person
from events.privacy import ConsentRefused
from events.upcasts import newest_type
from infra.web.problems import Language
from projections.answers import Answer
from projections.case_file import CaseFile
from projections.consents import standing
from projections.disclosure.agreement import Condition
from projections.disclosure.disclose import Disclosed
from projections.facts import Choice, Fact, choose, present
from projections.grounds import Ground, Whose, account_to, grounds, recipients_of, withdrawn
from projections.sight import Sight
from services.reading.answering import Loaded, load, logged, logged_bytes, open_boxes
from services.reading.desk import Visit
from services.reading.grounds_page import grounds_page
from services.reading.refusing import refuse
from services.reading.writing_down import Told

Values = Mapping[str, JsonValue]

_STATEMENTS = {
    ConsentRecorded.TYPE: "recorded",
    ConsentRefused.TYPE: "refused",
    ConsentWithdrawn.TYPE: "withdrawn",
}
# What was answered, and by what right; never in whose words.
_ANSWERS = {
    Person.CHILD: ("child_age_band", "child_decision", "withdrawn_by_child"),
    Person.CARER: ("representative", "representative_decision", "representative_entitled", "in_writing"),
}


async def show_grounds(visit: Visit, reference: str, page_in: Language | None = None) -> bytes:
    """Return the grounds on which a case's recipients are told of it, and what was said of consents.

    Shape: JSON, or a page for people in a language.

    Raises:
        Refused: if there is no such case for the visitor or none whose grounds it may know, or it could not be read or
            the access entry not be written.
    """
    now = visit.desk.clock.now()
    loaded = await load(visit, reference)
    sight = Sight(visit.reader, visit.agreement, loaded.files, now)
    account = account_to(sight)
    rules = frozenset(clause.id for clause in account.clauses)
    if account.whose is Whose.NOBODYS:
        await refuse(visit, tuple(sorted(rules)))
    choice = _of_consents(choose(loaded.files, loaded.entries, visit.reader, visit.agreement, now))
    recipients = recipients_of(_of_the_case(loaded)) if account.whose is Whose.ALL else (visit.desk.audience,)
    answer: Answer = {
        "case": reference,
        "agreement": visit.agreement.version,
        "recipients": [
            {
                "audience": one.value,
                "grounds": [_ground(each, sight) for each in grounds(one, loaded.files, visit.agreement, now)],
            }
            for one in recipients
        ],
        "consents": list(_consents(loaded, sight)),
        "statements": list(_statements(choice, await open_boxes(visit, choice), sight)),
    }
    categories = choice.categories | {Category.ACCESS_LOG}
    told = Told(loaded.versions, choice.rules | rules, categories, loaded.policies)
    if page_in is None:
        return await logged(visit, answer, told)
    return await logged_bytes(visit, grounds_page(answer, page_in).encode(), told)


def _of_the_case(loaded: Loaded) -> list[CaseFile]:
    """Return the files of what was asked for and of its reports, without those around it."""
    return [file for file in loaded.files if loaded.file.stream in {file.stream, file.root}]


def _ground(ground: Ground, sight: Sight) -> JsonValue:
    clause = ground.clause
    return {
        "category": clause.category.value,
        "row": ROW[clause.category],
        "level": clause.level.value,
        "rule": clause.id,
        "by": "consent" if ground.consents else "law",
        "basis": clause.basis,
        "verified": clause.verified,
        "purposes": [*sorted(ground.purposes)],
        "when": [condition.value for condition in Condition if condition in clause.conditions],
        "parts": None if clause.parts is None else [*sorted(clause.parts)],
        "valid_from": clause.valid_from.isoformat() if clause.valid_from else None,
        "valid_to": clause.valid_to.isoformat() if clause.valid_to else None,
        "consents": [{"unit": _named(one.unit, sight), "consent": one.consent} for one in ground.consents],
    }


def _consents(loaded: Loaded, sight: Sight) -> Iterator[JsonValue]:
    """Yield what consents let each recipient be told, as far as the visitor is still told that there are any."""
    if not sight.tells_status(Category.PARTICIPATION, Condition.OWN_TASK):
        return
    for file in loaded.files:
        stands = list(standing(file))
        for one in file.sharing:
            taken_back = withdrawn(one, loaded.endings)
            yield {
                "unit": _named(one.unit, sight),
                "consent": one.consent,
                "recipient": one.audience.value,
                "purposes": list(one.purposes),
                "categories": [_category(category, taken_back.get(category)) for category in one.categories],
                "since": one.since.isoformat(),
                "until": one.until.isoformat(),
                "stands": one in stands,
            }


def _category(category: Category, taken_back: datetime | None) -> JsonValue:
    return {"category": category.value, "withdrawn_at": taken_back.isoformat() if taken_back else None}


def _of_consents(whole: Choice) -> Choice:
    """Return what is told of statements about consents, and nothing else of the case."""
    return Choice(tuple(fact for fact in whole.facts if newest_type(fact.entry.type or "") in _STATEMENTS))


def _statements(choice: Choice, opened: Sequence[Values | None], sight: Sight) -> Iterator[JsonValue]:
    """Yield what was said of consents, in the order of recording; of what only exists, nothing."""
    values = iter(opened)
    told = [(fact, _told(fact, next(values) if fact.box else None)) for fact in choice.facts]
    by_statement = groupby(sorted(told, key=_recorded), key=lambda one: one[0].entry)
    for entry, facts in by_statement:
        of_person = {fact.place[2] if fact.box else None: shown for fact, shown in facts}
        codes = of_person.get(None)
        if codes is not None:
            yield _statement(entry, codes, of_person, sight)


def _statement(
    entry: Disclosed, codes: Values, of_person: Mapping[Person | None, Values | None], sight: Sight
) -> JsonValue:
    return {
        "unit": _named(entry.source_unit, sight),
        "consent": codes.get("consent", entry.event_id),
        "said": _STATEMENTS[newest_type(entry.type or "")],
        "occurred_at": entry.occurred_at.isoformat(),
        "recorded_at": entry.recorded_at.isoformat(),
        "standing": codes.get("standing"),
        "recipients": codes.get("recipients", []),
        "categories": codes.get("categories", []),
        "purposes": codes.get("reading_purposes", []),
        "child": _answers(of_person.get(Person.CHILD), Person.CHILD),
        "representative": _answers(of_person.get(Person.CARER), Person.CARER),
    }


def _told(fact: Fact, opened: Values | None) -> Values | None:
    """Return the values that are told of a fact; None of what only exists."""
    [told] = present(Choice((fact,)), [opened] if fact.box else [])
    values = told.get("values")
    return values if isinstance(values, dict) else None


def _answers(values: Values | None, person: Person) -> JsonValue:
    """Return what one of the two answered, by itself; None when that is not told."""
    return None if values is None else {name: values[name] for name in _ANSWERS[person] if name in values}


def _recorded(one: tuple[Fact, Values | None]) -> tuple[datetime, UUID, int]:
    entry = one[0].entry
    return entry.recorded_at, entry.stream, entry.version


def _named(unit: str, sight: Sight) -> str | None:
    return unit if sight.names(unit) else None

"""What section D gives every role, for every part, state of the case and relation; the agreement is asked nothing."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any, Literal

from events.codes import code_list
from events.labels import OPEN_CATEGORIES, Category
from events.parties import Audience, Duty
from projections.disclosure.agreement import STATUS, Level
from tests.privacy.expectations import LEVELS, TABLE
from tests.privacy.matrix import ABOUT, OWN_UNIT, Eyes, Situation, parts_of
from tests.privacy.table_letters import closed

PARTS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("section_d_parts.toml").read_text(encoding="utf-8"))

State = Literal["open", "closed", "forwarded", "unforwarded", "unknown"]
STATES: tuple[State, ...] = ("open", "closed", "forwarded", "unforwarded", "unknown")
PURPOSES = (*sorted(code_list("purpose")), "curiosity", None)
_DUTIES = (Duty.CHAIR, Duty.TREATING, Duty.OWN_PUPIL)


@dataclass(frozen=True)
class Asked:
    """One reader asking for one category, in one situation."""

    eyes: Eyes
    category: Category
    state: State
    situation: Situation

    @property
    def may_open(self) -> bool:
        """Whether the purpose is one for which the reader's audience may be given content."""
        purpose = self.situation.purpose
        return purpose is None or purpose in PARTS["purposes"][self.eyes.audience]

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of which something could be told, the status of the event itself among them."""
        return (*parts_of(self.category), *((STATUS,) if self.category in ABOUT else ()))


def every_question(duties: Iterable[frozenset[Duty]], purposes: Iterable[str | None]) -> Iterator[Asked]:
    """Yield everything that can be asked, with these duties and for these purposes."""
    categories = [category for category in Category if category not in OPEN_CATEGORIES]
    relations = list(product((False, True), repeat=2))
    for audience, held, purpose in product(Audience, duties, purposes):
        for category, state, (record, task) in product(categories, STATES, relations):
            if (record or task) and audience not in OWN_UNIT:
                continue  # statistics has no unit that could state or do anything
            yield Asked(Eyes(audience, held), category, state, _situation(state, purpose, record, task))


def all_duties() -> list[frozenset[Duty]]:
    """Return every set of duties that a token could name."""
    chosen = chain.from_iterable(combinations(_DUTIES, count) for count in range(len(_DUTIES) + 1))
    return [frozenset(one) for one in chosen]


def expected(asked: Asked, part: str) -> Level:
    """Return what section D gives when the purpose is served."""
    reader = _reader(asked.eyes)
    if _lacks_duty(asked):
        return Level.NONE
    letter = _of_others(asked, reader, part)
    for own in _own(asked):
        given = TABLE["own"][own].get(asked.category, {}).get(reader)
        if given:
            letter = max(letter, _in_state(asked, given), key="NESF".index)
    return LEVELS[letter]


def _situation(state: State, purpose: str | None, record: bool, task: bool) -> Situation:
    return Situation(
        own_record=record,
        own_task=task,
        closed=state == "closed",
        forwarded=state != "unforwarded",
        linked=state not in {"forwarded", "unforwarded"},
        known=state != "unknown",
        purpose=purpose,
    )


def _reader(eyes: Eyes) -> str:
    if eyes.audience is Audience.COMMITTEE:
        return "chair" if Duty.CHAIR in eyes.duties else "member"
    return eyes.audience.value


def _lacks_duty(asked: Asked) -> bool:
    return any(
        told["audience"] == asked.eyes.audience
        and asked.category in told["rows"]
        and Duty(duty) not in asked.eyes.duties
        for duty, told in PARTS["duties"].items()
    )


def _of_others(asked: Asked, reader: str, part: str) -> str:
    letters: str = TABLE["rows"][asked.category][reader]
    limited = PARTS["parts"].get(asked.category, {}).get(reader)
    if limited and part not in limited["of"]:
        row = list(TABLE["rows"]).index(asked.category) + 1
        letters = limited["others"] + closed(row, reader, limited["others"])
    return _in_state(asked, letters)


def _in_state(asked: Asked, letters: str) -> str:
    """Return the letter of the state; a case that is not known to be open counts as closed."""
    return letters[0] if len(letters) == 1 or asked.state not in {"closed", "unknown"} else letters[1]


def _own(asked: Asked) -> Iterator[str]:
    if asked.situation.own_record:
        yield "record"
    if asked.situation.own_task:
        yield "task"
    if asked.situation.own_record and asked.state == "unforwarded":
        yield "unforwarded"

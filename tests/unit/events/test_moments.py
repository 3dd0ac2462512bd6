"""Every moment of every type is known to have happened, or to be one that may lie ahead."""

from datetime import date
from typing import get_args

from pydantic import AwareDatetime

from events.moments import HAPPENED, MAY_LIE_AHEAD
from events.registry import EVENT_CLASSES


def _is_moment(annotation: object) -> bool:
    if annotation is AwareDatetime or (isinstance(annotation, type) and issubclass(annotation, date)):
        return True
    return any(map(_is_moment, get_args(annotation)))


MOMENTS = {
    name
    for event_class in EVENT_CLASSES.values()
    if event_class.BY
    for name, field in event_class.model_fields.items()
    if _is_moment(field.annotation)
}


def test_every_moment_is_one_or_the_other() -> None:
    assert MOMENTS == HAPPENED | MAY_LIE_AHEAD
    assert not HAPPENED & MAY_LIE_AHEAD


def test_moments_with_a_time_are_among_them() -> None:
    assert {"received_at", "due_at", "child_birth_date"} <= MOMENTS

"""Puts marks into every sealed text of an event, whatever the event says otherwise."""

from collections.abc import Mapping

from pydantic import JsonValue

from events.sealed_texts import sealed_texts, with_text
from tests.privacy.canaries.marks import Mark, Marks, text_of

TOGETHER = 6  # marks in one text: many marks, few events


def plant(
    marks: Marks, unit: str, type_: str, data: Mapping[str, JsonValue], told_to: frozenset[str] | None = None
) -> dict[str, JsonValue]:
    """Return the data with marks of its own as the value of each sealed text that is not a code, date or number."""
    marked = dict(data)
    task_of = data.get("unit")
    for label, path, _ in sealed_texts(type_, data):
        words = tuple(marks.draw() for _ in range(TOGETHER))
        if tried := with_text(type_, marked, path, text_of(*words)):
            marked = tried
            place = "/".join(map(str, path))
            acting = task_of if isinstance(task_of, str) else None
            marks.planted |= {
                word: Mark(word, type_, unit, place, label.category, label.part, label.person, acting, told_to, words)
                for word in words
            }
    return marked

"""Marks every sealed text with a word that occurs nowhere else, so that a test can look for it everywhere."""

import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from pydantic import JsonValue, ValidationError

from events.event import labels_of
from events.labels import Category
from events.registry import event_class
from services.cli.demo.scenario import ScenarioEvent

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Canary:
    """One word, and the one place of the scenario where it was put."""

    word: str
    label: str
    type: str
    unit: str
    field: str
    category: str
    part: str
    summary: str | None


class Canaries:
    """Puts a word into every sealed text of every event that passes."""

    def __init__(self, draw: Callable[[], str] = lambda: f"HOANGYEN{secrets.token_hex(5).upper()}") -> None:
        self._draw = draw
        self.planted: list[Canary] = []

    def plant(self, event: ScenarioEvent, data: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Return the data with a word added to each sealed text that takes one."""
        labels = labels_of(event_class(event.type))
        marked = data
        for name, label in labels.items():
            if label.category is Category.OPERATIONAL or name not in data:
                continue
            for path in _texts(data[name], (name,)):
                word = self._draw()
                tried = _with_word(marked, path, word)
                if not _valid(event.type, tried):
                    continue  # a code, a date or a number: it takes no word
                marked = tried
                place = "/".join(map(str, path))
                summary = label.summary.value if label.summary else None
                self.planted.append(
                    Canary(
                        word, event.id_label, event.type, event.unit, place, label.category.value, label.part, summary
                    )
                )
        return marked

    def told(self) -> list[dict[str, str | None]]:
        """Return all words planted, for a program."""
        return [asdict(canary) for canary in self.planted]


def _texts(value: JsonValue, path: _Path) -> Iterator[_Path]:
    match value:
        case str():
            yield path
        case dict():
            for name, inner in value.items():
                yield from _texts(inner, (*path, name))
        case list():
            for index, inner in enumerate(value):
                yield from _texts(inner, (*path, index))


def _with_word(data: dict[str, JsonValue], path: _Path, word: str) -> dict[str, JsonValue]:
    copy = json.loads(json.dumps(data))
    holder = copy
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = f"{holder[path[-1]]} {word}"
    return dict(copy)


def _valid(type_: str, data: dict[str, JsonValue]) -> bool:
    try:
        event_class(type_).model_validate_json(json.dumps(data))
    except ValidationError:
        return False
    return True

"""Marks every sealed text with a word that occurs nowhere else, so that a test can look for it everywhere."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass

from pydantic import JsonValue

from events.sealed_texts import sealed_texts, with_text
from services.cli.demo.scenario import ScenarioEvent


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
        marked = data
        for label, place, text in sealed_texts(event.type, data):
            word = self._draw()
            tried = with_text(event.type, marked, place, f"{text} {word}")
            if tried is None:
                continue
            marked = tried
            field = "/".join(map(str, place))
            summary = label.summary.value if label.summary else None
            self.planted.append(
                Canary(word, event.id_label, event.type, event.unit, field, label.category.value, label.part, summary)
            )
        return marked

    def told(self) -> list[dict[str, str | None]]:
        """Return all words planted, for a program."""
        return [asdict(canary) for canary in self.planted]

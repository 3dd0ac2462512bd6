"""The base of every event: frozen, strict, each field with exactly one label."""

from collections.abc import Iterator
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from events.labels import Category, Label
from events.parties import Agency


class UnlabelledFieldError(TypeError):
    """An event class has a field with no data category, or with two."""


class Event(BaseModel):
    """What happened, as one frozen value; subclasses name the fields.

    `TYPE` is the wire name. `ABOUT` is the row of section D that governs whether its existence is told:
    an audience with *none* on that row never learns that the event happened. `BY` are the agencies
    that may assert it; an empty set means only the case record itself.
    """

    # Field names alone are remembered from one reading to the next: values lie in clear, and end with who holds them.
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", validate_default=True, cache_strings="keys")

    TYPE: ClassVar[str]
    ABOUT: ClassVar[Category] = Category.OPERATIONAL
    BY: ClassVar[frozenset[Agency]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a class whose fields are not labelled exactly once: this is the build check."""
        super().__pydantic_init_subclass__(**kwargs)
        for _ in labelled_fields(cls):
            pass


@cache
def labels_of(event_class: type[Event]) -> dict[str, Label]:
    """Return the label of every field of an event class, by field name.

    Raises:
        UnlabelledFieldError: if a field has no label or more than one.
    """
    return dict(labelled_fields(event_class))


def labelled_fields(event_class: type[Event]) -> Iterator[tuple[str, Label]]:
    """Yield each field's name and its one label.

    Raises:
        UnlabelledFieldError: if a field has no label or more than one.
    """
    for name, field in event_class.model_fields.items():
        labels = [item for item in field.metadata if isinstance(item, Label)]
        if len(labels) != 1:
            raise UnlabelledFieldError(f"{event_class.__name__}.{name} has {len(labels)} labels, not one")
        yield name, labels[0]

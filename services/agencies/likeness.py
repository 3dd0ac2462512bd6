"""Mark the child that an event names, so that it is found and known again without being named."""

from collections.abc import Mapping
from datetime import date

from events.event import Event
from events.likeness import Child, names_child
from infra.crypto.likeness_keys import LikenessKeys, Marks


def likeness_of(event: Event, keys: Mapping[str, LikenessKeys]) -> dict[str, Marks]:
    """Return the marks of the child that an event names, by recipient.

    Empty when events of its type name no child; otherwise all there is, whatever was said: presence tells nothing.
    """
    child = child_in(event)
    return {} if child is None else {recipient: held.marks(child) for recipient, held in keys.items()}


def child_in(event: Event) -> Child | None:
    """Return the child that an event names; None when events of its type name none."""
    if not names_child(type(event)):
        return None
    name, born, number = (
        getattr(event, field, None) for field in ("child_name", "child_birth_date", "child_id_number")
    )
    return Child(
        name if isinstance(name, str) else None,
        born if isinstance(born, date) else None,
        number if isinstance(number, str) else None,
    )

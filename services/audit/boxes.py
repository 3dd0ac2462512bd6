"""Boxes of the auditor's view beside a register that has none: each is known by its SHA-256. Pure."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from events.compartments import SealedCompartment
from projections.disclosure.disclose import Disclosed


def boxes_in(entries: Iterable[Disclosed]) -> Mapping[str, str]:
    """Return the boxes that these entries hold, by the SHA-256 in hex that stands for each in the register."""
    return {_digest(one.compartment): one.compartment.box for entry in entries for one in entry.sealed}


def with_box(sealed: SealedCompartment, boxes: Mapping[str, str]) -> SealedCompartment | None:
    """Return a compartment of the register with its box; None when these are not the boxes it was recorded with.

    Shape: `boxes` as `boxes_in` returns them.
    """
    box = boxes.get(sealed.box)
    return None if box is None else sealed.model_copy(update={"box": box})


def entry_without_boxes(entry: Disclosed) -> Disclosed:
    """Return an entry with the SHA-256 of each box in its place, as the register tells it."""
    sealed = tuple(
        one.model_copy(update={"compartment": one.compartment.model_copy(update={"box": _digest(one.compartment)})})
        for one in entry.sealed
    )
    return entry.model_copy(update={"sealed": sealed})


def _digest(sealed: SealedCompartment) -> str:
    return sha256(sealed.box.encode()).hexdigest()

"""What may change in the schema of a version that agencies use already: its words, and codes that come to a list.

Everything else is a new version (`events.upcasts`): a field more would be sealed where no older reader looks for it, a
field less or a narrower one would refuse what was accepted, another category would tell it to others.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_WORDS = {"description", "title", "x-summary-name", "x-code-list"}


def broken_promises(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the places at which a schema no longer says what it said; empty when it may be published.

    Shape: JSON pointers into the older schema.
    """
    return list(_differences(before, after, ""))


def _differences(before: Any, after: Any, place: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        names = dict.fromkeys(name for name in (*before, *after) if place.endswith("/properties") or name not in _WORDS)
        for name in names:
            there = f"{place}/{name}"
            if name == "enum" and name in before and name in after:
                yield from () if set(before[name]) <= set(after[name]) else (there,)
            elif name in before and name in after:
                yield from _differences(before[name], after[name], there)
            else:
                yield there
    elif before != after:
        yield place

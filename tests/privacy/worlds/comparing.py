"""Where two answers differ. What is random by design is set aside in this one place, each with its reason."""

import re
from collections.abc import Mapping

from tests.privacy.worlds.world import Answer, Ask

# By path: what is not compared there, and why.
SET_ASIDE: Mapping[str, tuple[frozenset[str], str]] = {
    "/metrics": (
        frozenset({"body", "content-length"}),
        "both worlds count in one registry; what each request moved in it is compared instead, at every address",
    ),
    "/readyz": (frozenset({"content-length"}), "an age of 9.9 s is shorter to write than one of 10.0 s"),
}
# The worlds are asked one after the other: how long the oldest message waits goes on between.
_AGE = re.compile(rb'"oldest_s":[0-9.]+')


class WorldsDifferError(AssertionError):
    """Somebody who is not entitled can tell the worlds apart."""


def differences(ask: Ask, without: Answer, with_it: Answer) -> tuple[str, ...]:
    """Return what tells the worlds apart, none when nothing does."""
    aside, _ = SET_ASIDE.get(ask.target.partition("?")[0], (frozenset(), ""))
    seen = [
        {
            "status": one.status,
            "headers": [header for header in one.headers if header[0].lower() not in aside],
            "body": _AGE.sub(b'"oldest_s":0', one.body),
            "figures": one.moved,
        }
        for one in (without, with_it)
    ]
    return tuple(what for what in seen[0].keys() - aside if seen[0][what] != seen[1][what])

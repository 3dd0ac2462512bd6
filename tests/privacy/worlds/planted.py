"""Leaks as tired programmers write them, planted in the answers of the world with the hidden case.

Each must be seen in at least one drawn pair, else what was drawn proves nothing of it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.privacy.worlds.bodies import HIDDEN_CHILD
from tests.privacy.worlds.comparing import differences
from tests.privacy.worlds.world import HIDDEN, Answer, Ask

Leak = Callable[[Ask, Answer], Answer]


def caught_by(ask: Ask, without: Answer, with_it: Answer) -> list[str]:
    """Return which leaks this pair would show."""
    return [name for name, leak in LEAKS.items() if differences(ask, without, leak(ask, with_it))]


def _header(name: str, value: str) -> Leak:
    return lambda _, answer: replace(answer, headers=(*answer.headers, (name, value)))


def _told(change: Callable[[Any], object]) -> Leak:
    """Change what is told, and the length of it."""

    def leak(_: Ask, answer: Answer) -> Answer:
        told = answer.json()
        change(told)
        body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        others = [header for header in answer.headers if header[0] != "content-length"]
        return replace(answer, body=body, headers=(*others, ("content-length", str(len(body)))))

    return leak


def _padded(_: Ask, answer: Answer) -> Answer:
    headers = [(name, str(int(value) + 1) if name == "content-length" else value) for name, value in answer.headers]
    return replace(answer, headers=tuple(headers))


def _counted(_: Ask, answer: Answer) -> Answer:
    return replace(answer, moved=answer.moved | {("chungtay_cases_in_view", (), 1.0)})


def _forbidden(_: Ask, answer: Answer) -> Answer:
    return replace(answer, status=403)


def _at(where: Callable[[Ask, Answer], bool], leak: Leak) -> Leak:
    return lambda ask, answer: leak(ask, answer) if where(ask, answer) else answer


def _listed(ask: Ask, answer: Answer) -> bool:
    return ask.method == "GET" and ask.target.startswith("/v1/cases") and b'"has_more"' in answer.body


def _guessed(ask: Ask, answer: Answer) -> bool:
    return ask.target.startswith(f"/v1/cases/{HIDDEN.case}") and answer.status == 404


def _sought(ask: Ask, answer: Answer) -> bool:
    return HIDDEN_CHILD["name"].encode() in ask.body and b'"found"' in answer.body


def _matched(_: Ask, answer: Answer) -> bool:
    return b'"matches":[{' in answer.body


LEAKS: Mapping[str, Leak] = {
    "a count of all cases": _at(_listed, _header("X-Total-Count", "5")),
    "a revision of the whole view": _at(_listed, _header("ETag", '"5"')),
    "a page that breaks where the hidden case stood": _at(_listed, _told(lambda told: told.update(has_more=True))),
    "a case less on a page": _at(
        lambda ask, answer: _listed(ask, answer) and bool(answer.json().get("cases")),
        _told(lambda told: told["cases"].pop()),
    ),
    "another error for a case that is there": _at(_guessed, _forbidden),
    "a reason in the refusal": _at(_guessed, _told(lambda told: told.update(detail="sealed"))),
    "a child that is found": _at(_sought, _told(lambda told: told["found"].append({"case": HIDDEN.case}))),
    "a match with what is sealed": _at(_matched, _told(lambda told: told["matches"].append(told["matches"][0]))),
    "a length": _at(_guessed, _padded),
    "a figure": _at(lambda ask, _: ask.target.startswith("/v1/"), _counted),
    "a backlog at /readyz": _at(
        lambda ask, answer: ask.target == "/readyz" and b'"behind"' in answer.body,
        _told(lambda told: told["behind"].update(hidden=1)),
    ),
}

"""`agreement what-if`: a process of its own, with the auditor's settings, finds out; this one tells it."""

import getpass
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from services.cli.agreement.versions import candidate
from services.cli.beside import Said, done_beside
from services.cli.output import say, say_json


def what_if(data_dir: Path, file: Path, case: str | None, *, as_json: bool) -> None:
    """List what would appear or disappear for each audience if the file were adopted now.

    Raises:
        Stop: if the file does not load, there is no such case, or nothing answers.
    """
    candidate(file.read_bytes(), file)
    cases: list[Said] = []
    named = [case] if case else []
    words = ["what-if", str(file.absolute()), getpass.getuser(), *named]
    result = done_beside(data_dir, "audit", *words, hear=cases.append)
    _tell(cases, result, as_json=as_json)


def _tell(cases: list[Said], result: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        say_json({**result, "cases": cases})
        return
    for case in cases:
        for (who, lines), purposes in _by_purposes(case["changes"]).items():
            for line in lines:
                say(f"{line[0]} {case['case']}  {who} ({', '.join(purposes)})  {line[2:]}")
    changed = sum(bool(case["changes"]) for case in cases)
    say(f"{result['then']} in place of {result['now']}: {changed} of {result['cases']} cases are seen otherwise.")


def _by_purposes(changes: Iterable[Mapping[str, Any]]) -> Mapping[tuple[str, tuple[str, ...]], list[str]]:
    """Return for which purposes somebody would be told otherwise, by who it is and what would be."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for change in changes:
        who = " ".join(change[name] for name in ("audience", "unit", "duty") if change[name])
        appearing = (f"+ {_line(place)}" for place in change["appears"])
        lines = (*appearing, *(f"- {_line(place)}" for place in change["disappears"]))
        found.setdefault((who, lines), []).append(change["purpose"])
    return found


def _line(place: Mapping[str, Any]) -> str:
    named: Iterable[Any] = (place[name] for name in ("where", "category", "part", "person", "level", "field"))
    times = f" ×{place['times']}" if place["times"] > 1 else ""
    return " ".join(str(one) for one in named if one) + times

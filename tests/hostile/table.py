"""Every hostile input there is, walked through a world, and told as a table."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.controls.bad_input import CANARY
from tests.hostile.bodies import bodies
from tests.hostile.floods import FLOODS
from tests.hostile.frames import frames
from tests.hostile.glasses import glasses
from tests.hostile.hostile import Hostile
from tests.hostile.logouts import logouts
from tests.hostile.reads import reads
from tests.hostile.tokens import tokens
from tests.hostile.world import World

HOSTILE: Sequence[Hostile] = (*bodies(), *frames(), *tokens(), *FLOODS, *reads(), *glasses(), *logouts())
LANGUAGES = ("vi", "en")
MISSING = "-"
_ATTEMPTED = {"glass_spent", "glass_suspended"}
_WRITTEN_DOWN = {"no_such_case", *_ATTEMPTED, "own_glass", "reviewed_before"}


@dataclass(frozen=True)
class Walked:
    """What an input was answered, and the rows of all tables before and after; `wrong` says what is not right.

    Shape: what keeps a refusal counts as if it had been there before: access entries, attempts to break a glass.
    """

    hostile: Hostile
    status: int
    problem: str
    faults: tuple[str, ...]
    before: int
    after: int
    wrong: tuple[str, ...]


def walk(world: World, hostile: Hostile) -> Walked:
    """Send an input in both languages and compare all that comes back with what was expected."""
    before = world.counted or world.rows()
    answers = {language: world.answer(hostile, language) for language in LANGUAGES}
    after = world.rows()
    found = [problem for answer in answers.values() for problem in (answer.problems if answer.body else [])]
    types = {str(problem["type"]).removeprefix("/problems/") for problem in found}
    faults = {tuple(dict.fromkeys(fault["code"] for fault in problem.get("errors", ()))) for problem in found}
    titles = {problem["title"] for problem in found}
    expected = {hostile.problem} - {""}
    checks = {
        "status": {answer.status for answer in answers.values()} == {hostile.status},
        "problem": types == expected,
        "faults": faults <= {tuple(dict.fromkeys(hostile.faults))} and (not expected or bool(faults)),
        "something was written": _but_the_log(before) + _kept_of(hostile) == _but_the_log(after),
        "not logged once for each answer": _entries(after) - _entries(before) == _entries_due(hostile),
        "what was sent came back": not any(CANARY in answer.text for answer in answers.values()),
        "one language": not found or _says_no_language(hostile) or len(titles) == len(LANGUAGES),
        "no challenge": all("www-authenticate" in one.headers for one in answers.values() if one.status in {401, 403}),
        "no Allow": all(one.headers.get("allow") for one in answers.values() if one.status == 405),
        "no Retry-After": all("retry-after" in one.headers for one in answers.values() if one.status == 503),
        "no page": all(_has_pages(world, problem) for problem in found),
    }
    wrong = tuple(name for name, well in checks.items() if not well)
    one = answers["en"]
    written = (_but_the_log(before) + _kept_of(hostile)).total(), _but_the_log(after).total()
    told = tuple(sorted({code for codes in faults for code in codes}))
    return Walked(hostile, one.status, " ".join(sorted(types)) or MISSING, told, *written, wrong)


def markdown(rows: Iterable[tuple[str, ...]], head: tuple[str, ...]) -> str:
    """Return rows as a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join("| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines)


def expected_rows() -> list[tuple[str, ...]]:
    """Return the table as it should be, without figures: what stands in the documents."""
    return [
        (one.group, one.name, one.sent, str(one.status), _problem(one.problem), ", ".join(dict.fromkeys(one.faults)))
        for one in HOSTILE
    ]


def walked_rows(walked: Iterable[Walked]) -> list[tuple[str, ...]]:
    """Return the table as it was found, with the rows of all tables before and after."""
    return [
        (
            one.hostile.group,
            one.hostile.name,
            one.hostile.sent,
            str(one.status),
            _problem(one.problem),
            ", ".join(one.faults),
            f"{one.before} → {one.after}",
            "; ".join(one.wrong) or "as expected",
        )
        for one in walked
    ]


def _says_no_language(hostile: Hostile) -> bool:
    return hostile.raw is not None and b"<language>" not in hostile.raw


_seen: dict[tuple[int, str], bool] = {}


def _has_pages(world: World, problem: dict[str, object]) -> bool:
    errors = problem.get("errors", [])
    assert isinstance(errors, list)
    addresses = [str(problem["type"]), *(str(fault["type"]) for fault in errors)]
    for address in addresses:
        if (id(world), address) not in _seen:
            _seen[id(world), address] = world.get(address).status == 200
    return all(_seen[id(world), address] for address in addresses)


def _problem(code: str) -> str:
    return f"`{code}`" if code and code != MISSING else MISSING


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace(CANARY, "…").replace("\n", " ") or " "


def _but_the_log(rows: Mapping[str, int]) -> Counter[str]:
    """Return the rows of every table but the access logs: there a refusal stands, and nothing else may."""
    return Counter({table: count for table, count in rows.items() if not table.endswith(".access_log")})


def _kept_of(hostile: Hostile) -> Counter[str]:
    """Return the rows that an input leaves: of an attempt to break a glass itself, with the key of what it says."""
    kept = ("glass.attempts", "keys.data_keys") if hostile.problem in _ATTEMPTED else ()
    return Counter(dict.fromkeys(kept, len(LANGUAGES)))


def _entries(rows: Mapping[str, int]) -> int:
    return sum(count for table, count in rows.items() if table.endswith(".access_log"))


def _entries_due(hostile: Hostile) -> int:
    """Return how many entries an input leaves: one for each time that somebody known may not."""
    return len(LANGUAGES) if hostile.problem in _WRITTEN_DOWN else 0

"""What the words of a cell of section D say in letters; the agreement is asked nothing.

The grammar, X and Y being one of F, S, E, N:

    X words             X; the words tell which coded values or parts it is of
    X (words)           X; the bracket is a remark, but for the three below
    X (Y words)         the stronger of X and Y, which is of some parts; X alone where the words say "if" or "only",
                        which nobody can establish yet
    X (words of own)    X of one's own records, N of others'
    X (own words Y)     X, and Y of one's own records
    X own words Y       likewise
    X as told by caller X of one's own records, N of others'
    own X, own words    F or X of one's own, N of others'
    own tasks X, rest Y X where it is one's own task, Y elsewhere; N elsewhere where the rest is not named
    chair X, members Y  X on duty as chair, Y without; N for whom the cell does not name
    X until forwarded, then Y
                        X of one's own report before it was forwarded; later Y, N where nothing follows
    X on request, X only if words
                        N: no request can be granted and no witness told yet
    X + Y words         the stronger
    F redacted          S: what is coded, no narrative
    words without a letter, or X, in the column of statistics
                        figures, of which row 20 speaks: N, but for a bare letter
    what follows ";"    a remark

After closure F, S and E become E, except for case manager and auditor and in rows 19 and 20.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

ORDER = "NESF"

# What "own" means where the cell does not say: records that the reader's audience stated, tasks it was given.
OWN = {
    16: ("record", "task"),  # a service is one's own when one gave it, and when one is to give it
    18: ("task",),  # deadlines and tasks
    19: ("record",),  # one's own reads
}
# "own case": whom the log of a case is read by works on that case; there is no other.
THE_CASE_ITSELF = "own case"


@dataclass
class Letters:
    """What one reader sees of others' records, and of what is its own: "record", "task", "unforwarded"."""

    others: str
    own: dict[str, str] = field(default_factory=dict)


_X = "(?P<x>[FSEN])"
_Y = "(?P<y>[FSEN])"
# The forms of a cell without its bracket, tried in this order, and what each means in a row.
_FORMS: tuple[tuple[str, Callable[[int, str, str], Letters]], ...] = (
    ("F redacted", lambda _row, _x, _y: Letters("S")),
    (f"{_X} until forwarded(, then {_Y})?", lambda _row, x, y: Letters(y, {"unforwarded": x})),
    (f"{_X} (on request|only if .+)", lambda _row, _x, _y: Letters("N")),
    (f"{_X} as told by caller", lambda _row, x, _y: Letters("N", {"record": x})),
    (f"own tasks( {_X})?(, rest {_Y})?", lambda _row, x, y: Letters(y, {"task": x})),
    (f"own( {_X}| reads)?", lambda row, x, _y: Letters("N", dict.fromkeys(OWN[row], x))),
    (f"{_X} own [a-z ]+ {_Y}", lambda _row, x, y: Letters(x, {"record": y})),
    (rf"{_X} \+ {_Y} .+", lambda _row, x, y: Letters(stronger(x, y))),
    (f"{_X}( .+)?", lambda _row, x, _y: Letters(x)),
)
_COMMITTEE = re.compile("chair (?P<chair>[FSEN])(, members (?P<members>.+))?")
_BRACKET = re.compile(r" \((?P<inside>.*)\)")
_OF_PARTS = re.compile(rf"{_Y}( (?!.*\bonly\b|if\b).+)?")
_OWN_INSIDE = re.compile(f"own .+ {_Y}")

_STAYS_READABLE = {"case_manager", "auditor"}
_NOT_OF_THE_CASE = {19, 20}


def letters(row: int, column: str, words: str) -> dict[str, Letters]:
    """Return what each reader of a column sees while the case is open; `closed` says what is left afterwards.

    Raises:
        ValueError: if the words are none that the grammar knows.
    """
    if column == "statistics":
        return {column: Letters(words if words in {"F", "N"} else "N")}
    if column != "committee":
        return {column: _reader(row, words)}
    told = _COMMITTEE.fullmatch(words)
    if told is None:
        return {"chair": _reader(row, words), "member": _reader(row, words)}
    return {"chair": _reader(row, told["chair"]), "member": _reader(row, told["members"] or "N")}


def closed(row: int, reader: str, letter: str) -> str:
    """Return the letter that stands after closure."""
    if row in _NOT_OF_THE_CASE or reader in _STAYS_READABLE:
        return letter
    return "E" if letter in "FSE" else "N"


def stronger(one: str, other: str) -> str:
    """Return the letter that tells more."""
    return max(one, other, key=ORDER.index)


def _reader(row: int, words: str) -> Letters:
    bracket = _BRACKET.search(words)
    bare = _BRACKET.sub("", words).partition(";")[0]
    if bare == THE_CASE_ITSELF:
        return Letters("F")
    read = _bare(row, bare)
    return _with_bracket(read, bracket["inside"]) if bracket else read


def _bare(row: int, words: str) -> Letters:
    """Return what the words say; where a letter may be left out, one's own is F and the rest N."""
    for form, meaning in _FORMS:
        if found := re.fullmatch(form, words):
            said = found.groupdict()
            return meaning(row, said.get("x") or "F", said.get("y") or "N")
    raise ValueError(f"row {row}: no such words are known: {words}")


def _with_bracket(read: Letters, inside: str) -> Letters:
    if inside.endswith("of own"):
        return Letters("N", {"record": read.others})
    if own := _OWN_INSIDE.fullmatch(inside):
        return Letters(read.others, {"record": own["y"]})
    if parts := _OF_PARTS.fullmatch(inside):
        return Letters(stronger(read.others, parts["y"]))
    return read

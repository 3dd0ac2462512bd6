"""`agreement show`, `diff`, `check`: a version for people or as a file, what sets two apart, whether one is whole."""

import sys
from pathlib import Path

from projections.disclosure.agreement import Clause
from projections.disclosure.pages import readable
from services.cli.agreement.differences import clause_changes, other_words
from services.cli.agreement.versions import candidate, checked, document_of
from services.cli.output import say, say_json


def show(data_dir: Path, named: str | None, *, as_json: bool) -> None:
    """Show a version in Vietnamese and English.

    Raises:
        Stop: if there is none, or it does not load.
    """
    document = document_of(named, data_dir)
    agreement = checked(document, named).agreement
    if as_json:
        say_json({"version": agreement.version, "clauses": [_told(clause) for clause in agreement.clauses]})
    else:
        sys.stdout.write(readable(document))


def copy(data_dir: Path, named: str | None) -> None:
    """Write the document of a version, to the letter.

    Raises:
        Stop: if there is no such version.
    """
    sys.stdout.buffer.write(document_of(named, data_dir))


def diff(data_dir: Path, named: str, other: str | None, *, as_json: bool) -> None:
    """Show what `named` says otherwise than `other`, or than the version in force.

    Raises:
        Stop: if there is no such version, or one does not load.
    """
    old_text, new_text = document_of(other, data_dir), document_of(named, data_dir)
    new, old = checked(new_text, named).agreement, checked(old_text, other).agreement
    clauses, words = clause_changes(old, new), other_words(old_text, new_text)
    if as_json:
        told = [{name: _told(clause) if clause else None for name, clause in change.items()} for change in clauses]
        say_json({"from": old.version, "to": new.version, "changes": told, "words": words})
        return
    for change in clauses:
        for sign, clause in (("-", change["before"]), ("+", change["after"])):
            if clause:
                say(f"{sign} {_line(clause)}")
    for word in words:
        say(f"- {word['where']}  {word['before']}\n+ {word['where']}  {word['after']}")
    if not clauses and not words:
        say(f"{new.version} says the same as {old.version}.")


def check(file: Path, *, as_json: bool) -> None:
    """Check a file, with no platform.

    Raises:
        Stop: if it does not load; every fault is told with its cell.
    """
    document = candidate(file.read_bytes(), file)
    if as_json:
        say_json({"version": document.agreement.version, "follows": document.follows, "whole": True})
    else:
        say(f"{file} is whole: version {document.agreement.version}, {len(document.agreement.clauses)} clauses.")


def _told(clause: Clause) -> dict[str, object]:
    return {
        "id": clause.id,
        "category": clause.category.value,
        "audience": clause.audience.value,
        "level": clause.level.value,
        "when": sorted(clause.conditions),
        "parts": sorted(clause.parts) if clause.parts is not None else None,
        "values": sorted(clause.values) if clause.values is not None else None,
        "purposes": sorted(clause.purposes),
        "basis": clause.basis,
        "verified": clause.verified,
        "valid_from": clause.valid_from.isoformat() if clause.valid_from else None,
        "valid_to": clause.valid_to.isoformat() if clause.valid_to else None,
        "retroactive": clause.retroactive,
    }


def _line(clause: Clause) -> str:
    said = _told(clause)
    limits = (name for name in ("when", "parts", "values", "purposes", "valid_from", "valid_to") if said[name])
    more = "  ".join(f"{name}={_joined(said[name])}" for name in limits)
    back = "  retroactive" if clause.retroactive else ""
    return f"{clause.category}.{clause.audience}  {clause.id}  {clause.level}  {more}{back}".rstrip()


def _joined(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)

"""Say in one cell what is wrong with a row, in the words of its columns, and never what stands in them."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.cli.sheets.columns import Column
from services.cli.sheets.sending import Answered
from services.cli.sheets.statements import Unclear
from services.cli.sheets.texts import Language, text


def faults_of(found: Unclear | Answered, columns: Sequence[Column], language: Language) -> str:
    """Return the faults of a row, each with the column it stands in."""
    match found:
        case Unclear():
            told = [f"{column.heading(language)}: {text(wrong.text, language)}" for column, wrong in found.faults]
        case Answered():
            told = _of_problem(found.answer["problem"], columns, language)
    return text("row_fault", language, number=found.row.number, faults="; ".join(told))


def fields_of(found: Unclear | Answered) -> list[str]:
    """Return where a row's faults stand and which rule each breaks, for a program."""
    match found:
        case Unclear():
            return [f"{column.field}: {wrong.text.removeprefix('fault_')}" for column, wrong in found.faults]
        case Answered():
            problem = found.answer["problem"]
            return [f"{fault['pointer']}: {fault['code']}" for fault in problem.get("errors", ())] or [problem["type"]]


def _of_problem(problem: Mapping[str, Any], columns: Sequence[Column], language: Language) -> list[str]:
    errors = problem.get("errors", ())
    if not errors:
        return [f"{problem['title']}. {problem['detail']}"]
    headings = {column.pointer: column.heading(language) for column in columns}
    return [f"{_heading(fault['pointer'], headings)}: {fault['detail']}" for fault in errors]


def _heading(pointer: str, headings: Mapping[str, str]) -> str:
    """Return the heading of the column in which a place lies, be it an item of a list."""
    while pointer and pointer not in headings:
        pointer = pointer.rpartition("/")[0]
    return headings.get(pointer, "-")

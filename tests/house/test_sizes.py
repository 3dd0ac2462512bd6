"""A function fits in the eye, a file on a few screens; whoever raises a number writes down why."""

import ast
from functools import cache
from pathlib import Path
from statistics import median

from tests.house.sources import python_files, relative

LINES_OF_A_FUNCTION = 40
LINES_OF_THE_MEDIAN_FUNCTION = 8
LINES_OF_A_FILE = 300
POSITIONAL_ARGUMENTS = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def functions(file: Path) -> list[Function]:
    return [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, Function)]


def lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def lines_of_code(function: Function) -> int:
    first = function.body[0]
    told = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    body = function.body[1:] if told else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{relative(file)}:{function.lineno} {function.name}: {lines(function)} lines"
        for file in python_files()
        for function in functions(file)
        if lines(function) > LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_the_median_function_is_short() -> None:
    found = [lines_of_code(function) for file in python_files() for function in functions(file)]
    assert median(found) <= LINES_OF_THE_MEDIAN_FUNCTION


def test_no_file_is_longer_than_a_few_screens() -> None:
    long = {
        relative(file): count
        for file in python_files()
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > LINES_OF_A_FILE
    }
    assert long == {}


def test_past_five_arguments_they_are_named() -> None:
    many = [
        f"{relative(file)}:{function.lineno} {function.name}"
        for file in python_files()
        for function in functions(file)
        if len(function.args.posonlyargs) + len(function.args.args) > POSITIONAL_ARGUMENTS + 1  # and self
    ]
    assert many == []

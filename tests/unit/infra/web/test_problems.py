"""Problems speak both languages, say what would be right, and never quote what was sent."""

import tomllib
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest

from infra.web.problems import Fault, Problem, Refused, known_codes, language_of
from services.case_record.domain.refusals import Refusal

TEXTS: dict[str, Any] = tomllib.loads(files("infra.web").joinpath("problem_texts.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "vi"),
        ("", "vi"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("vi;q=0.3, en;q=0.8", "en"),
        ("en;q=0.3, vi", "vi"),
        ("fr", "vi"),
        ("en;q=nonsense", "en"),
    ],
)
def test_language(header: str | None, language: str) -> None:
    assert language_of(header) == language


def words_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    texts = [problem["detail"] for problem in TEXTS["problems"].values()] + list(TEXTS["faults"].values())
    assert [text for text in texts if words_of(text["vi"]) != words_of(text["en"])] == []
    assert [text for text in texts if text["vi"] == text["en"]] == []


def test_document() -> None:
    problem = Problem("bad_event", (Fault("/data/x", "at_most", {"bound": 3}),))
    assert problem.document("en") == {
        "type": "/problems/bad_event",
        "title": "The event breaks its schema",
        "status": 422,
        "detail": TEXTS["problems"]["bad_event"]["detail"]["en"],
        "errors": [
            {
                "pointer": "/data/x",
                "code": "at_most",
                "type": "/problems/faults/at_most",
                "detail": "Must be at most 3.",
            }
        ],
    }
    assert "errors" not in Problem("no_token").document("vi")


def test_headers_say_how_to_go_on() -> None:
    assert Refused("no_token").problem.headers == {"WWW-Authenticate": "Bearer"}
    assert Refused("unavailable", seconds=2).problem.headers == {"Retry-After": "2"}
    assert Refused("other_content").problem.headers == {}


def test_a_challenge_never_says_why_a_token_does_not_hold() -> None:
    assert Refused("bad_token").problem.headers == {"WWW-Authenticate": 'Bearer error="invalid_token"'}
    forbidden = [code for code in known_codes() if Problem(code).status == 403]
    assert {Problem(code).headers["WWW-Authenticate"] for code in forbidden} == {'Bearer error="insufficient_scope"'}


def test_no_more_faults_are_told_than_anybody_reads() -> None:
    document = Problem("bad_event", tuple(Fault(f"/data/{n}", "missing") for n in range(1000))).document("en")
    assert isinstance(document["errors"], list)
    assert len(document["errors"]) == 100


def test_every_reason_of_the_case_record_has_a_text() -> None:
    assert {refusal.CODE for refusal in Refusal.__args__} <= known_codes()

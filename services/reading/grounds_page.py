"""The grounds of a case as a page for people, in Vietnamese or English; made of the same answer as the JSON.

Texts are data: `grounds_words.toml`; the page itself is `templates/grounds.html`.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from events.codes import code_list
from events.labels import Category
from infra.web.pages import page
from infra.web.problems import Language
from projections.disclosure.packaged import category_names


def grounds_page(answer: Mapping[str, Any], language: Language) -> str:
    """Return the page of an answer, shaped as `GroundsShape`."""
    words = _words(language)
    return page(
        __package__,
        "grounds.html",
        language,
        title=words["title"],
        words=words,
        answer=answer,
        category=lambda category: category_names()[Category(category)][language],
        purpose=_names("purpose", language),
        decision=_names("consent_decision", language),
    )


def _names(list_name: str, language: Language) -> Callable[[str], str]:
    codes = code_list(list_name)
    return lambda code: codes[code].vi if language == "vi" else codes[code].en


@cache
def _words(language: Language) -> Mapping[str, str]:
    told = tomllib.loads(files(__package__).joinpath("grounds_words.toml").read_text(encoding="utf-8"))
    return {name: text[language] for name, text in told.items()}

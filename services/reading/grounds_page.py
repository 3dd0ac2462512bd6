"""The grounds of a case as a page for people, in Vietnamese or English; made of the same answer as the JSON.

Texts are data: `grounds_words.toml`. The page loads nothing and asks nothing.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from events.codes import code_list
from events.labels import Category
from infra.web.problems import Language
from projections.disclosure.packaged import category_names

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1c2430}"
    "table{border-collapse:collapse;width:100%;margin:.6rem 0 2rem}td,th{border:1px solid #cfd6df;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top}th{background:#f1f3f6}.unverified{color:#8a3b00}"
)
_OF_CONSENTS = "named recipient category purposes since until withdrawn"
_OF_STATEMENTS = "named occurred said recipient category child representative"


def grounds_page(answer: Mapping[str, Any], language: Language) -> str:
    """Return the page of an answer, shaped as `GroundsShape`."""
    words = _words(language)
    body = [f"<h1>{escape(words['title'])}</h1><p>{escape(words['agreement'])} {escape(answer['agreement'])}</p>"]
    for recipient in answer["recipients"]:
        body.append(f"<h2>{escape(words[recipient['audience']])}</h2>")
        body.append(_table(words, "category level by basis purposes when", _grounds(recipient["grounds"], language)))
    body.append(f"<h2>{escape(words['consents'])}</h2>")
    body.append(_table(words, _OF_CONSENTS, _consents(answer["consents"], language)))
    body.append(f"<h2>{escape(words['statements'])}</h2>")
    body.append(_table(words, _OF_STATEMENTS, _statements(answer["statements"], language)))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(words["title"])}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(body)}</body></html>"
    )


def _table(words: Mapping[str, str], columns: str, rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{escape(words[name])}</th>" for name in columns.split())
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{lines}</table>"


def _grounds(grounds: Iterable[Mapping[str, Any]], language: Language) -> Iterator[list[str]]:
    words = _words(language)
    for one in grounds:
        unverified = "" if one["verified"] else f' <strong class="unverified">{escape(words["unverified"])}</strong>'
        yield [
            escape(category_names()[Category(one["category"])][language]),
            escape(words[one["level"]]),
            escape(words[f"by_{one['by']}"]),
            f"{escape(one['basis'])}{unverified}<br><code>{escape(one['rule'])}</code>",
            escape(", ".join(_name("purpose", code, language) for code in one["purposes"])),
            escape("; ".join(words[condition] for condition in one["when"])),
        ]


def _consents(consents: Iterable[Mapping[str, Any]], language: Language) -> Iterator[list[str]]:
    words = _words(language)
    for one in consents:
        for category in one["categories"]:
            ended = category["withdrawn_at"] or ("" if one["stands"] else words["does_not_stand"])
            named = category_names()[Category(category["category"])][language]
            purposes = ", ".join(_name("purpose", code, language) for code in one["purposes"])
            whose = (one["consent"], words[one["recipient"]], named, purposes)
            yield [escape(text) for text in (*whose, one["since"], one["until"], ended)]


def _statements(statements: Iterable[Mapping[str, Any]], language: Language) -> Iterator[list[str]]:
    words = _words(language)
    for one in statements:
        child, representative = one["child"] or {}, one["representative"] or {}
        said = [child.get("child_decision"), representative.get("representative_decision")]
        answers = [_name("consent_decision", code, language) if code else words["not_told"] for code in said]
        if child.get("withdrawn_by_child"):
            answers[0] = words["said_withdrawn"]
        recipients = ", ".join(words[recipient] for recipient in one["recipients"])
        named = ", ".join(category_names()[Category(category)][language] for category in one["categories"])
        what = (one["consent"], one["occurred_at"], words[f"said_{one['said']}"], recipients, named)
        yield [escape(text) for text in (*what, *answers)]


def _name(list_name: str, code: str, language: Language) -> str:
    found = code_list(list_name)[code]
    return found.vi if language == "vi" else found.en


@cache
def _words(language: Language) -> Mapping[str, str]:
    told = tomllib.loads(files("services.reading").joinpath("grounds_words.toml").read_text(encoding="utf-8"))
    return {name: text[language] for name, text in told.items()}

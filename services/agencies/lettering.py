"""Whether a text can be read by everybody as it was meant: no hidden signs, no broken ones, no letters in disguise.

Texts are compared and found in Unicode normalisation form C; what comes in another form is brought into it.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from pydantic import JsonValue

from events.texts import Written
from infra.web.problems import Fault
from services.agencies.marked import Marked

_LINE_SIGNS = "\n\r\t"
# Blank by looks, though Unicode counts them as letters, marks or symbols.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_CHOOSE_LOOKS = range(0xFE00, 0xFE10)  # emoji need them
_REPLACEMENT = "\ufffd"
# Letters with a stroke that look like the Vietnamese Đ and đ: eth, African D, D with tail.
_NOT_DE = frozenset("\u00d0\u0189\u0256")
_LIKE_LATIN = frozenset("АВЕЅІЈКМНОРСТУХаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυ")
_ONE_SCRIPT = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "KANGXI", "IDEOGRAPHIC"}
_WORDS = re.compile(r"[^\W\d_]+")


def in_one_form(value: JsonValue) -> JsonValue:
    """Return a value with every text in it in normalisation form C; names of fields stay as they are."""
    match value:
        case str():
            return value if value.isascii() else unicodedata.normalize("NFC", value)
        case list():
            return [in_one_form(one) for one in value]
        case dict():
            return {name: in_one_form(one) for name, one in value.items()}
        case _:
            return value


def unreadable_texts(found: Iterable[Marked]) -> tuple[Fault, ...]:
    """Return a fault for each text that hides something or cannot be told from another."""
    written = ((one.pointer, _fault_of(one.text, one.mark)) for one in found if isinstance(one.mark, Written))
    return tuple(Fault(pointer, code) for pointer, code in written if code is not None)


def _fault_of(text: str, written: Written) -> str | None:
    if text and not text.strip(" "):
        return "blank"
    if text.isascii() and text.isprintable():
        return None
    for sign in text:
        code = _fault_of_sign(sign, written)
        if code is not None:
            return code
    return "look_alike" if not written.lines and _is_in_disguise(text) else None


def _fault_of_sign(sign: str, written: Written) -> str | None:
    kind = unicodedata.category(sign)
    if kind in {"Cc", "Zl", "Zp"}:
        return None if written.lines and sign in _LINE_SIGNS else "control_characters"
    if kind in {"Co", "Cs"} or sign == _REPLACEMENT or _is_no_character(sign):
        return "broken_characters"
    chooses_looks = ord(sign) in _CHOOSE_LOOKS or 0xE0100 <= ord(sign) <= 0xE01EF  # noqa: PLR2004 - ends of a block
    odd_space = kind == "Zs" and sign != " "
    hidden = kind == "Cf" or sign in _BLANKS or ((chooses_looks or odd_space) and not written.lines)
    return "invisible_characters" if hidden else None


def _is_no_character(sign: str) -> bool:
    """Say whether Unicode keeps this number free for ever."""
    return ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF  # noqa: PLR2004 - as the standard has them


def _is_in_disguise(text: str) -> bool:
    """Say whether a word mixes scripts, or is of letters that look like those of the words around it."""
    words = [_scripts(word) for word in _WORDS.findall(text)]
    if any(len(scripts) > 1 or "disguise" in scripts for scripts in words):
        return True
    beside_latin = any("LATIN" in scripts for scripts in words)
    return beside_latin and any(set(word) <= _LIKE_LATIN for word in _WORDS.findall(text))


def _scripts(word: str) -> frozenset[str]:
    return frozenset(script for script in map(_script, word) if script)


@cache
def _script(letter: str) -> str:
    """Return the script of a letter, by its name in Unicode; nothing where it belongs to all."""
    if letter in _NOT_DE or unicodedata.normalize("NFKC", letter) != letter:
        return "disguise"
    if unicodedata.category(letter) == "Lm":
        return ""
    first = unicodedata.name(letter, "").partition(" ")[0]
    return "EAST" if first in _ONE_SCRIPT else first

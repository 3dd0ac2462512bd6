"""A text is as it looks: what is hidden, broken or in disguise is found, and every honest name passes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.texts import Written
from services.agencies.lettering import in_one_form, unreadable_texts
from services.agencies.marked import Marked

LINE, LINES = Written(), Written(lines=True)


def fault(text: str, written: Written = LINE) -> str | None:
    found = unreadable_texts([Marked(("child_name",), written, text)])
    assert all(one.pointer == "/data/child_name" for one in found)
    return found[0].code if found else None


@pytest.mark.parametrize(
    "name",
    [
        "TRẺ-EM 01",
        "Đặng Ữ Ợ 'Nhỏ'",
        "Y Ê-ban (K'Sor)",
        "ИМЯ 01",
        "ὌΝΟΜΑ 01",
        "姓名 ひらカタ",
        "이름",
        "اسم",
        "số 5/2, ngõ 10 — tổ 3",
        "O\u02bcBRIEN",
        "ИМЯ (IMYA)",
    ],
)
def test_honest_names(name: str) -> None:
    assert fault(unicodedata.normalize("NFC", name)) is None


@pytest.mark.parametrize("text", ["a\nb\r\n\tc", "β-hCG, μg, 5\u00a0mg", "TRE\u0415", "\u2764\ufe0f", "x² ½ №"])
def test_a_narrative_may_quote_what_a_name_may_not(text: str) -> None:
    assert fault(text, LINES) is None


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_one_name_in_any_form_is_one_name(form: str) -> None:
    name = "NGƯỜI BÁO TIN ĐẮC Ữ"
    typed = unicodedata.normalize(form, name)  # type: ignore[arg-type]
    assert in_one_form({"child_name": [typed, 1, None]}) == {"child_name": [name, 1, None]}


def test_names_of_fields_are_left_alone() -> None:
    assert in_one_form({"e\u0301": "e\u0301"}) == {"e\u0301": "\u00e9"}


@given(st.text(st.characters(categories=["Cc", "Cf", "Co", "Zl", "Zp", "Cs"], exclude_characters="\n\r\t"), min_size=1))
def test_nothing_hidden_passes_anywhere(text: str) -> None:
    assert fault("a" + text) is not None
    assert fault("a" + text, LINES) is not None


@given(st.text(st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạẰẲẴẮẶ 0123-'.,/()")))
def test_vietnamese_passes(text: str) -> None:
    assert fault("a" + text) is None


@given(st.integers(1, 40))
def test_spaces_alone_are_no_text(spaces: int) -> None:
    assert fault(" " * spaces) == "blank"
    assert fault(" " * spaces, LINES) == "blank"

"""One child however its name is written: order, case, signs and forms make no difference, tones only a weaker key."""

import unicodedata
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from events.likeness import Child, Feature, compared, id_in_one_form, name_in_one_form, plain_name

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
names = st.lists(st.text(LETTERS, min_size=1, max_size=6), min_size=1, max_size=5)
turnable = st.builds(date, st.integers(2008, 2025), st.integers(1, 12), st.integers(1, 12))


@given(names, st.randoms(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_order_case_spaces_and_form_make_no_difference(words: list[str], drawn: object, form: str) -> None:
    shuffled = list(words)
    drawn.shuffle(shuffled)  # type: ignore[attr-defined]
    other = unicodedata.normalize(form, "  ".join(shuffled).upper())  # type: ignore[arg-type]
    assert name_in_one_form(other) == name_in_one_form(" ".join(words))
    assert plain_name(other) == plain_name(" ".join(words))


@given(names)
def test_tones_make_no_difference_to_the_plain_name_alone(words: list[str]) -> None:
    name = " ".join(words)
    without = plain_name(name)
    assert without.isascii()
    assert plain_name(without) == without
    assume(not unicodedata.normalize("NFC", name).isascii())
    assert name_in_one_form(without) != name_in_one_form(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ĐẦU-BẾP Ồn", "dau bep on"), ("Hoà Thử", "Hòa Thử"), ("H'Thử Êban", "êban h' thử"), ("Đ Đ", "đ đ")],
)
def test_names_that_are_plainly_one(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


@given(names, names)
def test_other_words_are_another_name(one: list[str], other: list[str]) -> None:
    assume(sorted(plain_name(" ".join(one))) != sorted(plain_name(" ".join(other))))
    assert plain_name(" ".join(one)) != plain_name(" ".join(other))


@given(turnable)
def test_day_and_month_in_either_order_are_one_turned_birth(born: date) -> None:
    here, there = (compared(Child("Thử Một", day)) for day in (born, date(born.year, born.day, born.month)))
    turned = Feature.PLAIN_NAME_AND_TURNED_BIRTH
    assert here[turned] == there[turned]
    assert (here[Feature.NAME_AND_BIRTH] == there[Feature.NAME_AND_BIRTH]) == (born.day == born.month)


@pytest.mark.parametrize("number", ["001 316 000 001", "001.316.000.001", "０01316000001", "001-316-000001"])
def test_an_id_number_is_one_however_it_is_grouped(number: str) -> None:
    assert id_in_one_form(number) == "001316000001"


@pytest.mark.parametrize(
    "child",
    [Child(), Child("Thử Một"), Child(None, date(2016, 9, 2)), Child("—", date(2016, 9, 2)), Child(id_number="0-1")],
)
def test_a_name_or_a_birth_date_alone_is_nobody(child: Child) -> None:
    assert not child.can_be_known
    assert set(compared(child).values()) == {None}


@given(st.text(max_size=60))
def test_any_text_has_one_form(text: str) -> None:
    assert name_in_one_form(name_in_one_form(text)) == name_in_one_form(text)
    assert plain_name(plain_name(text)) == plain_name(text)

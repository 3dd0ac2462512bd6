"""A summary holds codes and derived codes."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.labels import Summary
from events.social_work.reports import ReportReceived
from events.summaries import age_in_years, as_shown, initials, summarise

AT = datetime(2026, 4, 6, 14, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "short"),
    [("TRE-EM 7Q2", "T.7."), ("trẻ em", "T.E."), ("  hai   chữ ", "H.C."), ("ệ", "Ệ."), ("", ""), ("   ", "")],
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


@given(st.lists(st.text("abcđêư", min_size=2), min_size=1))
def test_initials_hold_one_letter_a_word(words: list[str]) -> None:
    assert initials(" ".join(words)).replace(".", "") == "".join(word[0].upper() for word in words)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2016-09-02", "2026-09-01", 9),
        ("2016-09-02", "2026-09-02", 10),
        ("2016-02-29", "2026-02-28", 9),
        ("2016-02-29", "2026-03-01", 10),
        ("2026-04-06", "2026-04-06", 0),
    ],
)
def test_age_in_whole_years(born: str, on: str, age: int) -> None:
    assert age_in_years(date.fromisoformat(born), date.fromisoformat(on)) == age


def test_a_summary_is_shown_under_its_own_name() -> None:
    """Recorded summaries keep the name of the field, as the golden bytes hold them; readers are told an age."""
    sealed = {"child_birth_date": 9, "child_age_estimate": 10}
    assert as_shown(ReportReceived, sealed) == {"age": 9, "child_age_estimate": 10}


def test_each_kind() -> None:
    assert summarise(Summary.AS_IS, ["bruise"], AT) == ["bruise"]
    assert summarise(Summary.INITIALS, "TRE-EM 7Q2", AT) == "T.7."
    assert summarise(Summary.AGE, "2016-09-02", AT) == 9


@pytest.mark.parametrize("kind", Summary)
def test_nothing_stays_nothing(kind: Summary) -> None:
    assert summarise(kind, None, AT) is None

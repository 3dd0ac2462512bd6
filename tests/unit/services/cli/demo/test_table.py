import pytest
from rich.console import Console

from services.cli.demo.sights import CASE_ROWS, SEATS, Seen, exercised
from services.cli.demo.table import who_sees_what


def sights(level: Seen) -> dict[str, dict[str, Seen]]:
    return {seat.key: {row.value: level for row in CASE_ROWS} for seat in SEATS}


def test_the_rows_are_those_of_section_d() -> None:
    assert len(CASE_ROWS) == 18
    assert exercised(sights("none"), sights("none")) == []
    assert exercised(sights("none"), sights("exists")) == list(CASE_ROWS)


@pytest.mark.parametrize("columns", [80, 120])
def test_nothing_is_cut_off(columns: int) -> None:
    console = Console(width=columns, record=True)
    with console.capture() as shown:
        console.print(who_sees_what("title", sights("summary"), CASE_ROWS, columns))
    assert "…" not in shown.get()
    assert all(seat.code in shown.get() for seat in SEATS)
    assert ("danh tính trẻ" in shown.get()) == (columns > 100)

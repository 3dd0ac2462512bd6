"""A clerk's spreadsheet at a real door: good rows are kept once for ever, the others come back to be mended."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from events.parties import Agency
from services.cli.endpoints import Endpoints
from services.cli.sheets.handing_in import hand_in
from services.cli.sheets.importing import Wanted, import_sheet
from services.cli.sheets.report import Report
from services.cli.sheets.texts import SheetStop
from services.cli.stops import Exit
from tests.controls.sheets import CELL_CANARY, TYPE, Filled, filled, good_row, workbook
from tests.fixtures.doors import NOBODY, Doorkeeper
from tests.integration.agencies.door_process import DoorProcess, free_ports

ROWS, BAD = 60, 12


@pytest.fixture
def data_dir(doorkeeper: Doorkeeper, tmp_path: Path) -> Iterator[Path]:
    """A data dir as the command finds it, with the police's door behind it and no broker."""
    settings = doorkeeper.settings(Agency.POLICE, broker=NOBODY, log_file=tmp_path / "doors.log")
    ports = free_ports("police")
    process = DoorProcess.start(tmp_path / "doors.json", settings.model_copy(update={"ports": ports}))
    process.wait_until_up()
    made = tmp_path / "data"
    made.mkdir()
    (made / "secrets").symlink_to(doorkeeper.secrets)
    doors = {"police": process.url("police")}
    Endpoints(agencies=doors, coordination="", audit="", web="", kafka="", postgres="").save(made / "endpoints.json")
    yield made
    process.kill()


def wanted(file: Path, **changes: Any) -> Wanted:
    asked = Wanted(file, Agency.POLICE, TYPE, None, None, "Asia/Ho_Chi_Minh", "vi", None, dry_run=False)
    return replace(asked, **changes)


def handed_in(data_dir: Path, content: bytes, **changes: Any) -> Report:
    file = data_dir / "reports.xlsx"
    file.write_bytes(content)
    return import_sheet(data_dir, wanted(file, **changes))


def back_in(report: Report) -> list[list[Any]]:
    assert report.errors is not None
    return CalamineWorkbook.from_path(report.errors).get_sheet_by_index(0).to_python()


@pytest.fixture
def sheet() -> Filled:
    return filled(ROWS, BAD)


def test_good_rows_are_kept_and_bad_ones_come_back_with_reasons(
    data_dir: Path, doorkeeper: Doorkeeper, sheet: Filled, tmp_path: Path
) -> None:
    report = handed_in(data_dir, sheet.content)
    assert report.counts() == {"all": ROWS, "fresh": ROWS - BAD, "known": 0, "refused": BAD, "notes": 0}
    assert doorkeeper.counts(Agency.POLICE)["journal"] == ROWS - BAD
    heading, *rows = back_in(report)
    assert len(rows) == BAD
    for (number, field), row in zip(sheet.wrong.items(), rows, strict=True):
        assert row[-1].startswith(f"Dòng {number}: ")
        assert f"[{field}]" in row[-1]
        assert CELL_CANARY not in row[-1]
    assert heading[-1] == "Lỗi"
    assert report.errors is not None
    assert report.errors.stat().st_mode & 0o077 == 0
    assert CELL_CANARY not in (tmp_path / "doors.log").read_text()


def test_again_adds_nothing_and_what_was_mended_is_added(data_dir: Path, doorkeeper: Doorkeeper, sheet: Filled) -> None:
    first = handed_in(data_dir, sheet.content)
    before = doorkeeper.counts(Agency.POLICE)
    again = handed_in(data_dir, sheet.content)
    assert again.counts() == {"all": ROWS, "fresh": 0, "known": ROWS - BAD, "refused": BAD, "notes": 0}
    assert doorkeeper.counts(Agency.POLICE) == before
    assert again.errors != first.errors  # what somebody is mending is not written over
    assert first.errors is not None
    same = import_sheet(data_dir, wanted(first.errors))
    assert same.counts() == {"all": BAD, "fresh": 0, "known": 0, "refused": BAD, "notes": 0}
    mended = workbook([good_row(number - 2) for number in sheet.wrong])
    assert handed_in(data_dir, mended).counts() == {"all": BAD, "fresh": BAD, "known": 0, "refused": 0, "notes": 0}
    assert doorkeeper.counts(Agency.POLICE)["journal"] == ROWS


def test_a_dry_run_and_a_no_write_nothing(data_dir: Path, doorkeeper: Doorkeeper, sheet: Filled) -> None:
    before = doorkeeper.counts(Agency.POLICE)
    tried = handed_in(data_dir, sheet.content, dry_run=True)
    assert (tried.fresh, len(tried.refused), tried.errors) == (ROWS - BAD, BAD, None)
    questions: list[str] = []

    def no(question: str) -> bool:
        questions.append(question)
        return False

    asked = import_sheet(data_dir, wanted(data_dir / "reports.xlsx"), no)
    assert questions == [f"Gửi {ROWS - BAD} dòng mới?"]
    assert (asked.dry_run, asked.errors) == (True, None)
    assert doorkeeper.counts(Agency.POLICE) == before


@pytest.mark.parametrize("as_json", [True, False])
def test_where_nobody_can_be_asked_only_yes_publishes(
    data_dir: Path, doorkeeper: Doorkeeper, sheet: Filled, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    file = data_dir / "reports.xlsx"
    file.write_bytes(sheet.content)
    before = doorkeeper.counts(Agency.POLICE)
    with pytest.raises(SheetStop, match="--yes") as stop:
        hand_in(data_dir, wanted(file), unasked=False, as_json=as_json)
    told = capsys.readouterr().out
    assert stop.value.code is Exit.USED_WRONGLY
    assert doorkeeper.counts(Agency.POLICE) == before
    assert (json.loads(told)["dry_run"] if as_json else f"{ROWS - BAD} mới" in told) is True
    with pytest.raises(SheetStop) as refused:
        hand_in(data_dir, wanted(file), unasked=True, as_json=as_json)
    assert refused.value.code is Exit.CHECK_FAILED
    assert doorkeeper.counts(Agency.POLICE)["journal"] == ROWS - BAD


def test_nothing_that_comes_back_is_a_formula(data_dir: Path) -> None:
    rows = [good_row(number) | {"concern": text, "child_sex": "?"} for number, text in enumerate(DANGEROUS)]
    report = handed_in(data_dir, workbook(rows))
    assert report.errors is not None
    heading, *back = back_in(report)
    assert [row[heading.index("Nội dung báo tin [concern]")] for row in back] == DANGEROUS
    with zipfile.ZipFile(io.BytesIO(report.errors.read_bytes())) as book:
        cells = book.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in cells
        assert b"quotePrefix" in book.read("xl/styles.xml")


DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(A1)"]


def test_a_row_is_known_again_by_what_it_says_or_by_its_own_id(data_dir: Path, doorkeeper: Doorkeeper) -> None:
    handed_in(data_dir, workbook([good_row(6)]))
    cells = good_row(6) | {"time": "06/04/2026 08:06", "received_at": "06/04/2026 08:06"}
    file = data_dir / "reports.csv"
    file.write_text(";".join(cells) + "\n" + ";".join(str(cell) for cell in cells.values()) + "\n", encoding="utf-8")
    assert import_sheet(data_dir, wanted(file)).counts()["known"] == 1
    assert doorkeeper.counts(Agency.POLICE)["journal"] == 1
    row = good_row(1) | {"id": "HS/1"}
    other = good_row(1) | {"id": "HS/1", "concern": "LO-NGAI KHAC"}
    assert handed_in(data_dir, workbook([row])).fresh == 1
    report = handed_in(data_dir, workbook([row, other]))
    assert (report.known, len(report.refused)) == (1, 1)
    assert report.document()["refused_rows"] == [{"row": 3, "faults": ["/problems/other_content"]}]
    assert doorkeeper.counts(Agency.POLICE)["journal"] == 2

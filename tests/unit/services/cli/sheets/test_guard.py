"""A file that is more than a sheet of values is turned away before a reader of workbooks opens it."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from services.cli.sheets.grid import cells_of
from services.cli.sheets.guard import MAX_FILE_BYTES, MAX_INFLATED_BYTES, admitted
from services.cli.sheets.texts import SheetStop
from tests.controls.sheets import good_row, workbook

WELL = workbook([good_row(1)])


def with_part(name: str, content: bytes = b"x") -> bytes:
    made = io.BytesIO(WELL)
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


def lying_about(content: bytes) -> bytes:
    """Return an archive whose last part says that it is small, and inflates beyond the limit."""
    made = bytearray(with_part("xl/media/bomb.bin", content))
    size = struct.pack("<I", len(content))
    assert made.count(size) == 2
    return bytes(made.replace(size, struct.pack("<I", 10)))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsm", WELL, "Only .xlsx"),
        ("a.xlsx", with_part("xl/vbaProject.bin"), "macros"),
        ("a.xlsx", with_part("xl/macrosheets/sheet1.xml"), "macros"),
        ("a.ods", with_part("Basic/Standard/Module1.xml"), "macros"),
        ("a.xlsx", with_part("xl/externalLinks/externalLink1.xml"), "break the links"),
        ("a.xlsx", with_part("xl/connections.xml"), "break the links"),
        ("a.xlsx", with_part("xl/media/bomb.bin", bytes(MAX_INFLATED_BYTES)), "inflates"),
        ("a.xlsx", lying_about(bytes(MAX_INFLATED_BYTES)), "cannot be read as a spreadsheet"),
        ("a.xlsx", WELL[:-40], "cannot be read as a spreadsheet"),
        ("a.xlsx", b"subject,time\n", "not what its ending says"),
        ("a.csv", WELL, "not what its ending says"),
        ("a.xls", WELL, "not what its ending says"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + "_VBA_PROJECT_CUR".encode("utf-16-le"), "macros"),
        ("a.csv", b"x" * (MAX_FILE_BYTES + 1), "larger than 16 MB"),
    ],
)
def test_a_file_that_is_more_than_a_sheet_is_refused(name: str, content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SheetStop, match=said):
        admitted(tmp_path / name)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SheetStop, match="cannot be read"):
        admitted(tmp_path / "a.xlsx")


def test_a_plain_workbook_is_admitted(tmp_path: Path) -> None:
    (tmp_path / "a.XLSX").write_bytes(WELL)
    assert admitted(tmp_path / "a.XLSX") == WELL


def far_cell(reference: str) -> bytes:
    """Return a small workbook with a cell at the far end of the sheet."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WELL)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                cell = f'<row r="1048576"><c r="{reference}"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", cell.encode())
            new.writestr(part, content)
    return made.getvalue()


@pytest.mark.parametrize("reference", ["A1048576", "XFD1048576"])
def test_a_cell_far_away_does_not_take_all_memory(reference: str) -> None:
    with pytest.raises(SheetStop):
        cells_of(far_cell(reference), None)


def test_a_sheet_that_is_not_there_is_told() -> None:
    with pytest.raises(SheetStop, match="--sheet"):
        cells_of(WELL, "Trang khác")


def test_what_is_no_workbook_is_told() -> None:
    with pytest.raises(SheetStop, match="cannot be read as a spreadsheet"):
        cells_of(b"PK\x03\x04" + zlib.compress(b"x"), None)

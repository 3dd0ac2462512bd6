"""Turn away what is more than a sheet of values: macros, links to elsewhere, archives that burst.

A workbook is somebody else's file. It is looked at before a reader of workbooks opens it; the reader itself works in
a process that may not grow beyond measure (`grid`).
"""

import io
import zipfile
import zlib
from pathlib import Path
from typing import Final, Literal

from services.cli.sheets.texts import SheetStop

Container = Literal["zip", "ole", "text"]

MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_INFLATED_BYTES = 64 * 1024 * 1024
_MAX_PARTS = 2_000
_PIECE_BYTES = 1 << 16
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_CONTAINERS: Final[dict[str, Container]] = {".xlsx": "zip", ".ods": "zip", ".xls": "ole", ".csv": "text"}
_MACRO_PARTS = ("vbaproject.bin", "xl/macrosheets/", "basic/", "scripts/", "xl/activex/")
_LINK_PARTS = ("xl/externallinks/", "xl/connections.xml", "xl/embeddings/", "xl/querytables/")
# In Excel 97 files, names stand in UTF-16: the storage that holds macros.
_OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")


def admitted(file: Path) -> bytes:
    """Return the bytes of a file that is a plain spreadsheet of a known kind.

    Raises:
        SheetStop: if it is not; it says why, and what to do.
    """
    container = _CONTAINERS.get(file.suffix.lower())
    if container is None:
        raise SheetStop("kind")
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise SheetStop("file_size", limit=MAX_FILE_BYTES >> 20)
        content = file.read_bytes()
    except OSError as problem:
        raise SheetStop("unreadable", reason=problem.strerror or "") from None
    _refuse_other_insides(content, container)
    if container == "zip":
        _refuse_archive(content)
    if container == "ole" and _OLE_MACROS in content:
        raise SheetStop("macros")
    return content


def _refuse_other_insides(content: bytes, container: Container) -> None:
    starts = {"zip": content.startswith(_ZIP), "ole": content.startswith(_OLE)}
    if container == "text" and any(starts.values()):
        raise SheetStop("other_insides")
    if not starts.get(container, True):
        raise SheetStop("other_insides")


def _refuse_archive(content: bytes) -> None:
    """Look at the names of the parts, then inflate each, for what an archive says of its sizes need not be true.

    Raises:
        SheetStop: if it holds macros or links, or bursts.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MAX_PARTS:
                raise SheetStop("inflated", limit=MAX_INFLATED_BYTES >> 20)
            names = [part.filename.lower() for part in parts]
            if any(name.startswith(_MACRO_PARTS) or name.endswith(_MACRO_PARTS) for name in names):
                raise SheetStop("macros")
            if any(name.startswith(_LINK_PARTS) for name in names):
                raise SheetStop("links")
            left = MAX_INFLATED_BYTES
            for part in parts:
                left -= _inflated(archive, part, left)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise SheetStop("broken") from None


def _inflated(archive: zipfile.ZipFile, part: zipfile.ZipInfo, at_most: int) -> int:
    read = 0
    with archive.open(part) as content:
        while piece := content.read(_PIECE_BYTES):
            read += len(piece)
            if read > at_most:
                raise SheetStop("inflated", limit=MAX_INFLATED_BYTES >> 20)
    return read

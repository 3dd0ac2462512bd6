"""Every code list as a page: labels in both languages, basis, and whether the basis was read in the law itself."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from itertools import takewhile

from events.codes import CodeEntry

_HEAD = """# Danh mục mã / Code lists

Trang này được sinh ra từ `events/code_lists/` bằng `python -m events.pages`; không sửa tay. / Made from
`events/code_lists/` by `python -m events.pages`; never edited by hand. *Đã kiểm chứng / verified*: có / yes khi căn
cứ đã được đọc trong chính văn bản luật / when the basis was read in the law itself; trống / empty: là thiết kế hoặc
còn phải kiểm chứng / design, or still to be checked.
"""
_OTHER_SHAPES = {"units", "admin_units", "deadline_rule"}  # offices and places; clocks, which tell their own rows


def code_lists_page() -> str:
    """Return the page of all code lists."""
    folder = files("events").joinpath("code_lists")
    names = sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))
    told = ("\n".join(_of(name)) for name in names if name not in _OTHER_SHAPES)
    return "\n".join((_HEAD, *told))


def _of(name: str) -> Iterator[str]:
    text = files("events").joinpath("code_lists", f"{name}.toml").read_text(encoding="utf-8")
    comment = takewhile(lambda line: line.startswith("#"), text.splitlines())
    yield f"## {name}\n"
    yield " ".join(line.removeprefix("#").strip() for line in comment) + "\n"
    yield "| mã / code | tiếng Việt | English | căn cứ / basis | đã kiểm chứng / verified | hiệu lực / in force |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for row in tomllib.loads(text)["codes"]:
        yield _line(CodeEntry(**row))
    yield ""


def _line(entry: CodeEntry) -> str:
    verified = "có / yes" if entry.verified else ""
    days = f"{entry.valid_from or ''} – {entry.valid_to or ''}" if entry.valid_from or entry.valid_to else ""
    return f"| `{entry.code}` | {entry.vi} | {entry.en} | {entry.basis} | {verified} | {days} |"

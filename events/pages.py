"""The catalogue for people: every event type and every code list, in both languages, made from the registry.

`python -m events.pages` writes `docs/events.md` and `docs/code_lists.md`; with `--check` it writes nothing and ends
with 1 when one is stale. This is the build's own tool: no service calls it.
"""

import inspect
import json
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from events.code_lists_page import code_lists_page
from events.event import Event, labels_of
from events.example_data import example_of
from events.labels import Category, Label
from events.registry import EVENT_CLASSES, VOCABULARIES
from events.upcasts import STEPS, newest_type

DOCS = Path(__file__).parents[1] / "docs"

_HEAD = """# Các loại sự kiện / Event types

Trang này được sinh ra từ mã nguồn bằng `python -m events.pages`; không sửa tay. / Made from the code by `python -m
events.pages`; never edited by hand. Danh mục mã / code lists: [code_lists.md](code_lists.md). Ai được xem gì / who
may see what: [disclosure.md](disclosure.md).

Mỗi trường thuộc đúng một nhóm dữ liệu; chỉ nhóm `operational` để ngỏ, mọi nhóm khác được niêm phong tại cửa tiếp
nhận. / Each field has exactly one data category; only `operational` lies open, everything else is sealed at the
door. *Tóm tắt / summary*: `as_is` giữ nguyên mã / the code itself, `initials` chữ cái đầu / first letters, `age`
tuổi / years of age; trống: chỉ ở dạng đầy đủ / empty: in the full form alone. *Có xảy ra / that it happened* nói
nhóm nào quyết định ai được biết sự kiện đã xảy ra / names the row that decides who learns of the event at all.
"""
_AGENCIES = {
    "police": "công an / police",
    "health": "y tế / health",
    "education": "giáo dục / education",
    "social_work": "công tác xã hội / social work",
}


@cache
def meanings() -> dict[str, str]:
    """Return the meaning of every type in Vietnamese, by its name without the version."""
    text = files("events").joinpath("meanings.toml").read_text(encoding="utf-8")
    return {
        f"{vocabulary}.{name}": told
        for vocabulary, names in tomllib.loads(text).items()
        for name, told in names.items()
    }


def events_page() -> str:
    """Return the page of all event types."""
    parts = [_HEAD]
    for vocabulary, _ in VOCABULARIES:
        name = vocabulary.__name__.rpartition(".")[2]
        found = [class_ for type_, class_ in EVENT_CLASSES.items() if type_.startswith(f"{name}.")]
        parts.append(f"## `{name}`\n\n{_flow(inspect.getdoc(vocabulary) or '')}\n")
        parts.extend("\n".join(_entry(class_)) for class_ in found)
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Return the text of every page by file name."""
    return {"events.md": events_page(), "code_lists.md": code_lists_page()}


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or check them; return the exit code (2: used wrongly)."""
    return write_or_check(pages(), DOCS, arguments, "python -m events.pages")


def write_or_check(wanted: dict[str, str], folder: Path, arguments: Sequence[str], command: str) -> int:
    """Write what is wanted into a folder, or with `--check` say what is stale; return the exit code."""
    stale = [name for name, text in wanted.items() if not _holds(folder / name, text)]
    match list(arguments):
        case []:
            for name in stale:
                (folder / name).write_text(wanted[name], encoding="utf-8")
            return 0
        case ["--check"]:
            sys.stdout.writelines(f"stale: {name}; run {command}\n" for name in stale)
            return 1 if stale else 0
        case _:
            sys.stderr.write(f"usage: {command} [--check]\n")
            return 2


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _entry(class_: type[Event]) -> Iterator[str]:
    yield f"### `{class_.TYPE}`\n"
    yield f"{meanings()[class_.TYPE.rpartition('.')[0]]}\n"
    yield f"{_flow(inspect.getdoc(class_) or '')}\n"
    if class_.TYPE in STEPS:
        newest = newest_type(class_.TYPE)
        yield f"*Phiên bản cũ, vẫn nhận, đọc như* / *an older version, still accepted, read as* `{newest}`.\n"
    by = ", ".join(_AGENCIES[agency] for agency in sorted(class_.BY)) or "hồ sơ vụ việc / the case record itself"
    yield f"*Ai công bố / who may publish*: {by}. *Có xảy ra / that it happened*: `{class_.ABOUT.value}`.\n"
    yield from _fields(class_)
    yield "```json"
    yield json.dumps(example_of(class_), ensure_ascii=False, indent=2)
    yield "```\n"


def _fields(class_: type[Event]) -> Iterator[str]:
    labels = labels_of(class_)
    if not labels:
        return
    schema = class_.model_json_schema()
    required = schema.get("required", [])
    yield "| trường / field | nhóm / category | phần / part | người / person | tóm tắt / summary | giá trị / values |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, label in labels.items():
        told = f"`{name}`" + ("" if name in required else " ?")
        yield f"| {told} | {' | '.join(_place(label))} | {_values(schema['properties'][name], schema)} |"
    yield "\n`?`: không bắt buộc / not required.\n" if len(required) < len(labels) else ""


def _place(label: Label) -> Iterable[str]:
    if label.category is Category.OPERATIONAL:
        return (label.category.value, "", "", "")
    summary = label.summary.value if label.summary else ""
    return (label.category.value, label.part, label.person.value, summary)


def _values(field: dict[str, Any], schema: dict[str, Any]) -> str:
    told = dict.fromkeys(_kinds(field, schema.get("$defs", {})))
    return ", ".join(one for one in told if one)


def _kinds(field: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    """Yield what a field may hold, in words."""
    match field:
        case {"x-code-list": str(name)}:
            yield f"[{name}](code_lists.md#{name})"
        case {"$ref": str(reference)}:
            yield from _kinds(definitions[reference.rpartition("/")[2]], definitions)
        case {"anyOf": choices}:
            for choice in choices:
                yield from _kinds(choice, definitions)
        case {"type": "array", "items": items}:
            yield "danh sách / list: " + ", ".join(_kinds(items, definitions))
        case {"enum": codes}:
            yield ", ".join(f"`{code}`" for code in codes)
        case {"const": only}:
            yield f"`{only}`"
        case {"type": "null"}:
            yield ""
        case _:
            kind = field.get("format", field["type"])
            yield _WORDS[kind] if kind in _WORDS else _text_of(field)


_WORDS = {
    "date": "ngày / day",
    "date-time": "thời điểm / moment",
    "uuid": "UUID",
    "boolean": "có, không / true, false",
    "integer": "số nguyên / whole number",
}


def _text_of(field: dict[str, Any]) -> str:
    if "pattern" in field:
        return f"mã / identifier `{field['pattern']}`".replace("|", "\\|")
    return f"văn bản / text, ≤ {field['maxLength']}"


def _flow(text: str) -> str:
    """Return a docstring as paragraphs that flow."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

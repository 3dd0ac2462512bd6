"""The sharing agreement for people: category by category, what each audience may see, in both languages.

`python -m projections.disclosure.pages` writes `docs/disclosure.md`; with `--check` it writes nothing and ends with 1
when the page is stale. This is the build's own tool: no service calls it.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from events.labels import Category
from events.pages import DOCS, write_or_check
from events.parties import Audience
from projections.disclosure.agreement import Agreement, Clause, Condition, Level
from projections.disclosure.document import parse
from projections.disclosure.packaged import packaged_text

LEVELS = {
    Level.FULL: "**toàn bộ / full**",
    Level.SUMMARY: "**tóm tắt / summary**",
    Level.EXISTS: "chỉ biết là có / exists",
    Level.NONE: "không biết / none",
}
CONDITIONS = {
    Condition.OWN_RECORD: "do chính mình ghi / its own record",
    Condition.OWN_TASK: "việc của mình / its own task",
    Condition.CHAIR: "là chủ tịch / as chair",
    Condition.TREATING: "đang điều trị / while treating",
    Condition.OWN_PUPIL: "học sinh của mình / its own pupil",
    Condition.UNTIL_FORWARDED: "trước khi chuyển / until forwarded",
    Condition.ON_REQUEST: "theo yêu cầu hợp pháp / on a lawful request",
    Condition.CASE_OPEN: "hồ sơ đang mở / while the case is open",
    Condition.CONSENT: "được trẻ và người đại diện đồng ý / by consent of child and representative",
}
AUDIENCES = {
    Audience.POLICE: "công an / police",
    Audience.HEALTH: "y tế / health",
    Audience.EDUCATION: "nhà trường / education",
    Audience.CASE_MANAGER: "người quản lý ca / case manager",
    Audience.COMMITTEE: "UBND xã / committee",
    Audience.HOTLINE: "tổng đài 111 / hotline",
    Audience.COORDINATOR: "điều phối / coordinator",
    Audience.AUDITOR: "kiểm tra / auditor",
    Audience.STATISTICS: "thống kê / statistics",
}
_UNVERIFIED = "chưa kiểm chứng trong văn bản luật / not yet verified in the law itself"
_VERIFIED = "đã đọc trong văn bản luật / read in the law itself"
_HEAD = """# Quy chế chia sẻ / The sharing agreement

Phiên bản / version {version}. Trang này được sinh ra từ văn bản mà hệ thống áp dụng; không sửa tay. / Made from the
document as the platform applies it; never edited by hand. Các ô là thiết kế dựa trên căn cứ nêu dưới mỗi nhóm; luật
Việt Nam nêu nguyên tắc, không có bảng này. / The cells are design, derived from the basis named under each category:
the law states principles, not this table.

Đọc từ trên xuống: dòng đầu tiên đủ điều kiện là dòng được áp dụng, và mã quy tắc được ghi cùng mỗi câu trả lời. /
Read downwards: the first line whose conditions all hold decides, and its rule is quoted with every answer.

- **toàn bộ / full**: mọi giá trị / every value
- **tóm tắt / summary**: chỉ mã, không có lời kể / codes alone, no narrative
- **chỉ biết là có / exists**: có dữ liệu này và ai giữ / that there is such a record, and who holds it
- **không biết / none**: không được biết gì, kể cả việc có hay không / nothing, not even that there is something

*Phần / parts*: dòng chỉ nói về những phần này; `status` là mã để ngỏ của chính sự kiện. / the line speaks of these
parts alone; `status` are the open codes of the event itself. *Giá trị / values*: tóm tắt chỉ gồm những trường này /
the summary shows these fields alone. Các loại sự kiện / event types: [events.md](events.md).

## Mục đích / Purposes

Chỉ được đọc cho các mục đích sau; mục đích được ghi vào nhật ký. / Read for these purposes alone; the purpose is
logged.

| bên được xem / audience | mục đích / purposes |
| --- | --- |
"""


def readable(document: bytes) -> str:
    """Return a version of the agreement as people read it.

    Raises:
        BadAgreementError: if it does not load.
    """
    agreement, told = parse(document.decode()), tomllib.loads(document.decode())
    lines = [_HEAD.format(version=agreement.version).rstrip("\n")]
    for audience, name in AUDIENCES.items():
        lines.append(f"| {name} | {', '.join(f'`{code}`' for code in told['purposes'][audience])} |")
    for category in Category:
        lines += ["", *_category(category, told[category], agreement)]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or check it; return the exit code (2: used wrongly)."""
    wanted = {"disclosure.md": readable(packaged_text())}
    return write_or_check(wanted, DOCS, arguments, "python -m projections.disclosure.pages")


def _category(category: Category, row: Mapping[str, Any], agreement: Agreement) -> Iterator[str]:
    number = f"{row['row']}. " if "row" in row else ""
    yield f"## {number}{row['vi']} / {row['en']}"
    yield ""
    yield f"`{category.value}` · căn cứ / basis: {row['basis']} — {_VERIFIED if row['verified'] else _UNVERIFIED}."
    yield ""
    yield f"Lưu giữ / kept: {_retention(row['retention'])}"
    yield ""
    yield "| bên được xem / audience | được xem / sees | khi / when | phần, giá trị / parts, values | quy tắc / rule |"
    yield "| --- | --- | --- | --- | --- |"
    before: Clause | None = None
    for clause in (clause for clause in agreement.clauses if clause.category is category):
        otherwise = before is not None and before.audience is clause.audience
        yield _line(clause, row, "còn lại / otherwise" if otherwise else "luôn luôn / always")
        before = clause


def _retention(kept: Mapping[str, Any]) -> str:
    months = f"{kept['months']} tháng / months; " if "months" in kept else ""
    return f"{months}{kept['ground']} — {_VERIFIED if kept['verified'] else _UNVERIFIED}."


def _line(clause: Clause, row: Mapping[str, Any], unconditional: str) -> str:
    when = ", ".join(CONDITIONS[condition] for condition in Condition if condition in clause.conditions)
    reaching = "; cả dữ liệu đã có / also of what is recorded already" if clause.retroactive else ""
    days = f" {clause.valid_from or ''} – {clause.valid_to or ''}" if clause.valid_from or clause.valid_to else ""
    cells = (
        AUDIENCES[clause.audience],
        LEVELS[clause.level],
        (when or unconditional) + days + reaching,
        _limits(clause),
        f"`{clause.id}`" + _own_basis(clause, row),
    )
    return f"| {' | '.join(cells)} |"


def _limits(clause: Clause) -> str:
    parts = ", ".join(f"`{part}`" for part in sorted(clause.parts or ()))
    values = ", ".join(f"`{value}`" for value in sorted(clause.values or ()))
    return "; ".join(
        one for one in (parts and f"phần / parts: {parts}", values and f"giá trị / values: {values}") if one
    )


def _own_basis(clause: Clause, row: Mapping[str, Any]) -> str:
    """Return basis and check of a clause that does not share those of its category."""
    if (clause.basis, clause.verified) == (row["basis"], row["verified"]):
        return ""
    return f" ({clause.basis}; {_VERIFIED if clause.verified else _UNVERIFIED})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The table of who sees what, for a terminal of 80 columns; a wider one also names each row in Vietnamese."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from events.labels import ROW, Category
from services.cli.demo.sights import SEATS, Seen, Sights

_CELLS: Mapping[Seen, str] = {
    "full": "[bold green]F[/]",
    "summary": "[yellow]S[/]",
    "exists": "[cyan]E[/]",
    "none": "[dim]–[/]",
}
_ROWS: Mapping[Category, str] = {
    Category.CHILD_IDENTITY: "danh tính trẻ",
    Category.CONTACT_LOCATION: "nơi ở, liên hệ",
    Category.CAREGIVERS: "cha mẹ, người chăm sóc",
    Category.SUSPECT_IDENTITY: "người bị nghi",
    Category.REPORTER_IDENTITY: "người báo tin",
    Category.MEDICAL_FINDINGS: "kết quả khám",
    Category.FORENSIC_EVIDENCE: "chứng cứ giám định",
    Category.HIV_STATUS: "tình trạng HIV",
    Category.MENTAL_HEALTH_NOTES: "ghi chép tâm lý",
    Category.INVESTIGATION: "điều tra, lời khai",
    Category.INTERVIEW_SCHEDULE: "lịch lấy lời khai",
    Category.SCHOOL_RECORDS: "học bạ, chuyên cần",
    Category.HOME_VISIT_NOTES: "ghi chép thăm nhà",
    Category.RISK_ASSESSMENT: "đánh giá nguy cơ",
    Category.CASE_PLAN: "kế hoạch trợ giúp",
    Category.SERVICES_GIVEN: "dịch vụ đã cung cấp",
    Category.SPECIAL_CIRCUMSTANCE: "nhóm hoàn cảnh đặc biệt",
    Category.DEADLINES_TASKS: "thời hạn, công việc",
    Category.ACCESS_LOG: "nhật ký, sự cố dữ liệu",
}
_WIDE = 104  # columns: room for both languages

LEGEND = (
    "F toàn bộ / full · S tóm tắt, chỉ mã / summary, codes only\n"
    "E chỉ biết là có / only that it exists · – không biết / not told\n"
    + " · ".join(f"{seat.code} {seat.vi} / {seat.en}" for seat in SEATS)
)


def who_sees_what(title: str, sights: Sights, rows: Sequence[Category], columns: int) -> Table:
    """Return the table of one moment: a row for each category, a column for each reader."""
    table = Table(title=title, title_justify="left")
    table.add_column("#", justify="right", style="dim")
    table.add_column("category", no_wrap=True)
    if columns >= _WIDE:
        table.add_column("loại dữ liệu", no_wrap=True)
    for seat in SEATS:
        table.add_column(seat.code, justify="center")
    for category in rows:
        cells = (_CELLS[sights[seat.key].get(category.value, "none")] for seat in SEATS)
        names = (category.value, _ROWS[category]) if columns >= _WIDE else (category.value,)
        table.add_row(str(ROW[category]), *names, *cells)
    return table

"""The table of who sees what, for a terminal."""

from collections.abc import Sequence

from rich.table import Table

from events.labels import ROW, Category
from services.cli.demo.sights import SEATS, Seen, Sights

_CELLS: dict[Seen, str] = {
    "full": "[bold green]F[/]",
    "summary": "[yellow]S[/]",
    "exists": "[cyan]E[/]",
    "none": "[dim]–[/]",
}
LEGEND = (
    "F = toàn bộ / full · S = tóm tắt, chỉ mã / summary, codes only · "
    "E = chỉ biết là có / only that it exists · – = không biết / not told"
)


def who_sees_what(title: str, sights: Sights, rows: Sequence[Category]) -> Table:
    """Return the table of one moment: a row for each category, a column for each reader."""
    table = Table(title=title, title_justify="left", caption=LEGEND, caption_justify="left")
    table.add_column("#", justify="right", style="dim")
    table.add_column("loại dữ liệu / category", no_wrap=True)
    for seat in SEATS:
        table.add_column(f"{seat.vi}\n{seat.en}", justify="center")
    for category in rows:
        cells = (_CELLS[sights[seat.key][category.value]] for seat in SEATS)
        table.add_row(str(ROW[category]), category.value, *cells)
    return table

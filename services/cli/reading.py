"""The command `replay`, and how an auditor is asked."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from rich.table import Table

from events.parties import Agency, Audience
from services.cli.desk import Desk, told
from services.cli.endpoints import read_endpoints
from services.cli.output import say, say_json
from services.cli.passes import Pass, issue

AUDITOR = Pass(Agency.COORDINATION, "inspectorate_01", Audience.AUDITOR)
PURPOSE = "oversight"
_VIET_NAM = timezone(timedelta(hours=7))
MOMENTS = ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%d"]


def replay(data_dir: Path, case: str, asked: Mapping[str, Any], *, as_json: bool) -> None:
    """Show the case as it was."""
    params = {name: _parameter(value) for name, value in asked.items() if value is not None}
    history = told(auditor(data_dir).get(f"/v1/cases/{case}/history", params))
    if as_json:
        say_json(history)
        return
    say(_entries(history))
    say(_facts(history))
    if history["equals_view"] is not None:
        say(f"The same as the view that is shown now: {'yes' if history['equals_view'] else 'NO'}.")


def auditor(data_dir: Path) -> Desk:
    """Return the auditor's desk of a running platform.

    Raises:
        Stop: if none runs there.
    """
    return Desk(read_endpoints(data_dir).audit, issue(data_dir, AUDITOR), purpose=PURPOSE)


def _parameter(value: Any) -> str:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    return str(value)


def _entries(history: Mapping[str, Any]) -> Table:
    title = f"Case {history['case']}, known at {_short(history['known_at'])}"
    table = Table(title=title, title_justify="left")
    for name in ("occurred", "unit", "what", "as"):
        table.add_column(name, overflow="fold", no_wrap=name == "what")
    for entry in history["entries"]:
        type_ = (entry["type"] or "(withheld)").removesuffix(".v1")
        table.add_row(_short(entry["occurred_at"]), entry["unit"], type_, entry["level"])
    return table


def _short(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(_VIET_NAM):%d/%m/%y %H:%M}"


def _facts(history: Mapping[str, Any]) -> Table:
    table = Table("category", "from", "as", "values", title="What was known", title_justify="left")
    for fact in history["facts"]:
        # As another audience: what that audience was not shown is not laid beside it, though the auditor may read it.
        shown = fact.get("values", {}) if fact["level"] not in {"exists", "withheld"} else {}
        values = "; ".join(f"{name}={'–' if value is None else value}" for name, value in shown.items())
        table.add_row(f"{fact['category']} ({fact['part']})", fact["from"], fact["level"], values)
    return table

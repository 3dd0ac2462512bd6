"""One list of figures in `bench/results/latest.json`: what was reached, beside what was aimed at."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

LATEST = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement; `bare` and `peer` are the same load on the bare parts and on a peer, in the same run."""

    name: str
    unit: str
    reached: float
    target: float | None = None
    bare: float | None = None
    peer: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim was reached; all aims so far are upper bounds."""
        return None if self.target is None else self.reached <= self.target


def keep(figures: list[Figure]) -> None:
    """Put figures into the list, in place of earlier ones of the same name."""
    kept = {row["name"]: row for row in json.loads(LATEST.read_text(encoding="utf-8"))} if LATEST.exists() else {}
    kept |= {figure.name: asdict(figure) | {"met": figure.met} for figure in figures}
    LATEST.parent.mkdir(exist_ok=True)
    LATEST.write_text(json.dumps(list(kept.values()), indent=1) + "\n", encoding="utf-8")
    for figure in figures:
        aim = "" if figure.target is None else f"  (aim {figure.target:g}, {'met' if figure.met else 'NOT met'})"
        print(f"{figure.name:<48} {figure.reached:>9.1f} {figure.unit}{aim}")  # noqa: T201

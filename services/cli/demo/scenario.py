"""A scenario file: which unit states what, when, in what order.

Shape: TOML; `[[steps]]` with `number`, `at`, titles, and `[[steps.events]]` with `unit`, `type`, `subject`, `label`,
`data`. References, event ids and tasks of the run stand as placeholders (`services.cli.demo.names`).
"""

import tomllib
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError

from services.cli.stops import Exit, Stop

SCENARIOS = Path(__file__).parents[3] / "tests" / "scenarios"
SCENARIO = SCENARIOS / "scenario_1.toml"


class ScenarioEvent(BaseModel):
    """One event of a step, as its unit will send it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str
    type: str
    subject: str
    id_label: str
    data: dict[str, JsonValue] = Field(default_factory=dict)
    at: AwareDatetime | None = None  # when it occurred; None: when its step is


class Step(BaseModel):
    """One row of the scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    at: AwareDatetime
    title_vi: str
    title_en: str
    events: tuple[ScenarioEvent, ...]


class Scenario(BaseModel):
    """A child's case from the first notice to the last request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title_vi: str
    title_en: str
    look_after: tuple[int, int]  # steps: the case in full work, the case closed
    steps: tuple[Step, ...]

    @property
    def begins(self) -> datetime:
        """The moment of the first step."""
        return self.steps[0].at


def scenario_file(asked: str) -> Path:
    """Return the file of a scenario, asked for by its number or its path."""
    return SCENARIOS / f"scenario_{asked}.toml" if asked.isdecimal() else Path(asked)


def read_scenario(file: Path) -> Scenario:
    """Read a scenario.

    Raises:
        Stop: if the file is missing or not a scenario.
    """
    try:
        return Scenario.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise Stop(Exit.USED_WRONGLY, f"{file} is missing: run the demo from a checkout of the project.") from None
    except (tomllib.TOMLDecodeError, ValidationError) as problem:
        raise Stop(Exit.USED_WRONGLY, f"{file} is no scenario: {str(problem).splitlines()[0]}") from None

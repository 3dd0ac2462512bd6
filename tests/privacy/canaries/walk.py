"""The canary walk: start a platform, tell the story, leak on purpose, search everything."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from infra.clock import SimulatedClock
from infra.ids import RandomIds
from services.cli.demo import player
from services.cli.demo.scenario import read_scenario, scenario_file
from tests.privacy.canaries.crashes import FEW, cores_allowed, crash
from tests.privacy.canaries.desks import Desks
from tests.privacy.canaries.glasses import break_glasses
from tests.privacy.canaries.marks import Marks
from tests.privacy.canaries.planting import plant
from tests.privacy.canaries.refused import refused_requests
from tests.privacy.canaries.scene import Scene, scene_of
from tests.privacy.canaries.story import Story
from tests.walk.platforms import Platform

_BEGINS = datetime.fromisoformat("2027-06-15T09:00:00+07:00")  # after both scenarios
_STORY_SEED, _REFUSED_SEED, _SCENARIO_SEED, _GONE_SEED = 1, 2, 3, 4


@contextmanager
def walked(folder: Path, least: int, scenarios: Iterable[str] = (), victims: Sequence[str] = FEW) -> Iterator[Scene]:
    """Start a platform that logs everything at DEBUG, play scenarios, tell the stories of two children, be refused.

    Shape: `least` is how many marks the stories have at least; `victims` are the services that die meanwhile.
    """
    platform = Platform(folder / "data", _debugging(folder), folder / "works_in")
    try:
        for name in ("works_in", "temporary"):
            (folder / name).mkdir()
        with cores_allowed():
            platform.told("up", "--detach", "--clock", "simulated")
        clock = SimulatedClock(platform.data_dir / "clock")
        desks = Desks(platform.data_dir)
        refused, played = Marks(_REFUSED_SEED), Marks(_SCENARIO_SEED)
        story, gone = (Story(desks, clock, Marks(seed), refused, played) for seed in (_STORY_SEED, _GONE_SEED))
        for number in scenarios:
            _play(number, desks, clock, story.played)
        clock.set(_BEGINS)
        with scene_of(platform, story, gone) as scene:
            _tell(scene, least, victims)
            yield scene
    finally:
        platform.run("down")


def _tell(scene: Scene, least: int, victims: Sequence[str]) -> None:
    for story in scene.stories:
        story.begin()
    break_glasses(scene)
    scene.gone.one_round()
    while sum(len(story.marks.planted) for story in scene.stories) < least:
        scene.story.one_round()
    crash(scene, victims)
    for request in refused_requests(scene):
        scene.story.answers.append(request.send().content)
    for story in scene.stories:
        story.settled()


def _play(number: str, desks: Desks, clock: SimulatedClock, marks: Marks) -> None:
    """Play a scenario through the agencies' own doors, each sealed text a mark of its own."""
    scenario = read_scenario(scenario_file(number))
    seats = player.Desks(desks.publisher, desks.reader)
    playing = player.Player(
        scenario, seats, clock, RandomIds(), lambda event, data: plant(marks, event.unit, event.type, data)
    )
    for step in scenario.steps:
        playing.play(step)


def _debugging(folder: Path) -> dict[str, str]:
    here = Path(__file__).with_name("debug_logs")
    return {
        "PATH": os.defpath,
        "PYTHONPATH": f"{here}{os.pathsep}{Path(__file__).parents[3]}",
        "CANARY_DEBUG_LOGS": str(folder / "data" / "logs" / "debug"),
        "TMPDIR": str(folder / "temporary"),
    }

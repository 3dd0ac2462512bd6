"""What a request moved in the operator's figures: both worlds stand in one process, which has one registry."""

from functools import cache
from typing import TypeAlias

from prometheus_client import REGISTRY

Labels: TypeAlias = tuple[tuple[str, str], ...]
Figures: TypeAlias = dict[tuple[str, Labels], float]
Moved: TypeAlias = frozenset[tuple[str, Labels, float]]

_OF_THE_MACHINE = ("process_", "python_")
_OF_TIME = "_seconds"  # how long answers took
_BEGUN = "_created"  # when something was first counted


@cache
def _counted() -> frozenset[str]:
    """Return the names under which the services count; all of them were imported before the first world stood."""
    families = [one for one in REGISTRY.collect() if not one.name.startswith(_OF_THE_MACHINE)]
    names = {f"{one.name}_total" if one.type == "counter" else one.name for one in families}
    return frozenset(name for name in names if not name.endswith(_OF_TIME))


class Watch:
    """Looks at the figures; reading them costs more than most requests, so each look is where the next begins."""

    def __init__(self) -> None:
        self._before = _figures_now()

    def moved(self) -> Moved:
        """Return what moved since the last look."""
        before, self._before = self._before, _figures_now()
        return frozenset(
            (*place, value - before.get(place, 0.0))
            for place, value in self._before.items()
            if place not in before or value != before[place]
        )


@cache
def the_watch() -> Watch:
    """Return the one of this process, which has one registry."""
    return Watch()


def _figures_now() -> Figures:
    return {
        (sample.name, tuple(sample.labels.items())): sample.value
        for family in REGISTRY.restricted_registry(_counted()).collect()
        for sample in family.samples
        if not sample.name.endswith(_BEGUN)
    }

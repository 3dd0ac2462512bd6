"""The life cycle at length: so many steps of whatever may be stated or may befall, each compared with the model.

`python -m tests.endurance.life_cycle --steps 10000 [--store postgres] [--seed N] [--json]`; exit 1 and the steps that
led there when the model and the register part.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fixtures.databases import running_server
from tests.property.life_cycle.machine import LifeCycle
from tests.property.life_cycle.stores import InMemory, InPostgres

_STEPS_A_RUN = 40
_RUNS_A_ROUND = 10


def main() -> int:
    told = _arguments()
    began = time.monotonic()
    round_ = equal = 0
    with _machine(told.store) as machine:
        while LifeCycle.steps < told.steps and equal == round_:
            equal += _round(machine, told.seed + round_)
            round_ += 1
            print(f"\r{LifeCycle.steps} of {told.steps} steps", end="", file=sys.stderr, flush=True)  # noqa: T201
    print(file=sys.stderr)  # noqa: T201
    figures = {
        "store": told.store,
        "seed": told.seed,
        "steps": LifeCycle.steps,
        "runs": LifeCycle.runs,
        "events_compared": LifeCycle.events,
        "statements": LifeCycle.statements,
        "equal_to_the_model": equal == round_,
        "seconds": round(time.monotonic() - began, 1),
    }
    _print(figures, as_json=told.json)
    return 0 if equal == round_ else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Hold the case record against a model, step by step.")
    parser.add_argument("--steps", type=int, default=10_000, help="how many steps at least (10000)")
    parser.add_argument("--seed", type=int, default=1, help="of the first round; a round that failed prints its own")
    parser.add_argument("--store", choices=["memory", "postgres"], default="memory", help="where everything lies")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    return parser.parse_args()


def _round(machine: type[LifeCycle], number: int) -> bool:
    """Run some life cycles and return whether all equalled the model."""
    chosen = settings(
        max_examples=_RUNS_A_ROUND,
        stateful_step_count=_STEPS_A_RUN,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(number)(type(machine.__name__, (machine,), {})), settings=chosen)
    except Exception as difference:  # noqa: BLE001 - whatever it is, it is what this run looks for
        print(f"\nseed {number}: {type(difference).__name__}: {difference}", file=sys.stderr)  # noqa: T201
        print("\n".join(getattr(difference, "__notes__", [])), file=sys.stderr)  # noqa: T201
        return False
    return True


@contextmanager
def _machine(store: str) -> Iterator[type[LifeCycle]]:
    if store == "memory":
        yield InMemory
        return
    with running_server() as server:
        yield InPostgres(server).machine()


def _print(figures: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))  # noqa: T201
        return
    for name, figure in figures.items():
        print(f"{name.replace('_', ' '):20} {figure}")  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())

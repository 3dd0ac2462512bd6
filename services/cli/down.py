"""Stop a platform and everything it started, also what a killed supervisor left behind."""

from infra import processes
from infra.processes import Mark
from services.cli import parts
from services.cli.data_dir import DataDir
from services.cli.options import Options
from services.cli.state import read_state

_PATIENCE_S = 45.0  # the supervisor itself gives its processes 10 s, its broker and its database what they need


def stop_platform(place: DataDir) -> bool:
    """Stop the platform of a data dir; tell whether anything ran."""
    state = read_state(place.state)
    if state is None:
        return _stop_left_behind(place, [])
    if state.alive:
        processes.end([state.supervisor], _PATIENCE_S)
        return True
    left = _stop_left_behind(place, state.marks())
    place.state.unlink(missing_ok=True)
    return left


def _stop_left_behind(place: DataDir, marks: list[Mark]) -> bool:
    """End what outlived its supervisor."""
    options = place.run / "options.json"
    if not options.exists():
        return False
    asked = Options.model_validate_json(options.read_bytes())
    database, broker = parts.database(asked), parts.broker(asked)
    left = database.alive() or broker.pid() is not None or any(processes.find(each) is not None for each in marks)
    processes.end(marks)
    broker.stop()
    database.stop()
    place.endpoints.unlink(missing_ok=True)
    return left

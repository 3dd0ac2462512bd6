"""The rebuild's process: `python -m services.projector rebuild [--verify] VIEW...`, with the projector's settings.

It says on standard output, a JSON object a line, how far it is, and last what it found: `result`, or `problem`
and `reachable`. No line holds more of a case than its stream's id.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any

from events.parties import Audience
from infra.postgres.agreements import BlockingAgreementReader
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.roles import PROJECTOR
from infra.postgres.singleton import AlreadyRunningError
from infra.postgres.view_rebuild import ViewRebuild
from infra.settings import read_settings
from projections.disclosure.agreements import read_agreements
from projections.views import VIEWS
from services.projector.rebuilding import NotRebuildableError, Rebuilding, Rebuilt, Tell


def main(arguments: Sequence[str]) -> int:
    """Rebuild or compare; return 0, or 1 when that could not be done."""
    asked = _parser().parse_args(arguments)
    try:
        result = rebuild(read_settings().database(PROJECTOR), asked.views, verify=asked.verify, tell=_compared)
    except DatabaseUnreachableError:
        return _failed("The database does not answer: see `chungtay status`.", reachable=False)
    except AlreadyRunningError:
        return _failed("Another rebuild runs: wait for its end.")
    except NotRebuildableError as problem:
        return _failed(f"Nothing was changed, for {problem}: see `chungtay verify`.")
    _say(result=_told(result))
    return 0


def rebuild(dsn: str, views: Sequence[Audience], *, verify: bool, tell: Tell = lambda *_: None) -> Rebuilt:
    """Rebuild views, or only compare them; `tell` hears how many of how many streams were compared.

    Raises:
        DatabaseUnreachableError: if the database does not answer.
        AlreadyRunningError: if another rebuild runs.
        NotRebuildableError: if a stream of the register cannot be folded; nothing was changed.
    """
    with (
        closing(ViewRebuild(dsn, views)) as store,
        closing(BlockingAgreementReader(dsn, read_agreements)) as agreements,
    ):
        rebuilding = Rebuilding(store, views, agreements.current, tell)
        return rebuilding.verify() if verify else rebuilding.swap()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.projector rebuild", description=__doc__)
    parser.add_argument("views", nargs="+", type=Audience, choices=sorted(VIEWS))
    parser.add_argument("--verify", action="store_true", help="compare, and change nothing")
    return parser


def _told(result: Rebuilt) -> dict[str, Any]:
    first = result.first
    where = {"view": first.audience, "stream": str(first.stream), "part": first.part} if first else None
    return asdict(result) | {"first": where}


def _failed(problem: str, *, reachable: bool = True) -> int:
    _say(problem=problem, reachable=reachable)
    return 1


def _compared(done: int, of: int) -> None:
    _say(done=done, of=of)


def _say(**words: Any) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()

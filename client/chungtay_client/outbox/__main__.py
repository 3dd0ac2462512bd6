"""The command `python -m chungtay_client.outbox`: run, status, retry, set-aside.

Exit codes: 0 done, 1 something is refused, 2 used wrongly, 3 the database does not answer.
"""

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import TextIO

from chungtay_client.client import Client
from chungtay_client.outbox import table
from chungtay_client.outbox.databases import Database, database_of
from chungtay_client.outbox.shipping import Shipper
from chungtay_client.problems import Problem

_DATABASE_VARIABLE = "CHUNGTAY_OUTBOX"
_TOKEN_VARIABLE = "CHUNGTAY_TOKEN"  # noqa: S105 - a name, no token
_DONE, _REFUSED, _USED_WRONGLY, _AWAY = 0, 1, 2, 3


def main(words: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    asked = _parser().parse_args(words)
    if not asked.database:
        return _say(f"Name the database: --database, or {_DATABASE_VARIABLE}.", _USED_WRONGLY)
    try:
        database = database_of(asked.database)
    except ImportError:
        return _say("For PostgreSQL install: pip install 'chungtay-client[postgres]'.", _USED_WRONGLY)
    try:
        return int(asked.run(database, asked))
    except database.away:
        return _say("The database does not answer, or has no outbox yet (outbox.create makes it).", _AWAY)


def ship(database: Database, asked: argparse.Namespace) -> int:
    """Ship until SIGTERM, or until nothing may go out any more."""
    token = _token(asked)
    if token is None:
        return _say(f"Name the token: --token-file, or {_TOKEN_VARIABLE}.", _USED_WRONGLY)
    with Client(asked.url, token, language=asked.language, patience_s=0) as client:
        shipper = Shipper(database, client, asked.source)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: shipper.stop.set())
        shipper.run(until_empty=asked.until_empty)
    return status(database, asked) if asked.until_empty else _DONE


def status(database: Database, asked: argparse.Namespace) -> int:
    """Say how many events stand where, how old the oldest is, and what was refused."""
    with database.transaction() as connection:
        tally, refusals = table.tally(connection), table.refusals(connection)
    told = asdict(tally) | {"oldest_s": _age_s(tally.oldest), "refusals": [asdict(one) for one in refusals]}
    if asked.json:
        _say(json.dumps(told, ensure_ascii=False, indent=1), stream=sys.stdout)
    else:
        _tell(told)
        for one in refusals:
            _say(f"row {one.number}: {Problem.read(one.problem, one.problem['status'], 'vi')}", stream=sys.stdout)
    return _REFUSED if refusals else _DONE


def retry(database: Database, asked: argparse.Namespace) -> int:
    """Let refused events go out again."""
    with database.transaction() as connection:
        return _changed(table.send_again(connection, asked.numbers), "will be sent again")


def let_go(database: Database, asked: argparse.Namespace) -> int:
    """Set refused events aside."""
    with database.transaction() as connection:
        return _changed(table.set_aside(connection, asked.numbers), "set aside; later events of their references go")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chungtay_client.outbox", description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = _command(commands.add_parser("run", help="ship in order, until stopped"), ship)
    run.add_argument("--url", required=True, help="the door's")
    run.add_argument("--token-file", type=Path, help=f"read before each request; without it: {_TOKEN_VARIABLE}")
    run.add_argument("--source", help="only this unit's events (a token speaks for one unit)")
    run.add_argument("--until-empty", action="store_true", help="end when nothing is left that may go out")
    run.add_argument("--language", choices=("vi", "en"), default="vi", help="of the problems that are kept")
    _command(commands.add_parser("status", help="counts, the oldest one's age, what was refused and why"), status)
    again = _command(commands.add_parser("retry", help="send refused events again, after mending"), retry)
    again.add_argument("numbers", nargs="*", type=int, help="rows, as `status` names them; all where none is named")
    aside = _command(commands.add_parser("set-aside", help="keep refused events and let later ones go"), let_go)
    aside.add_argument("numbers", nargs="+", type=int, help="rows, as `status` names them")
    return parser


def _command(
    parser: argparse.ArgumentParser, run: Callable[[Database, argparse.Namespace], int]
) -> argparse.ArgumentParser:
    parser.add_argument("--database", default=os.environ.get(_DATABASE_VARIABLE), help="postgresql://… or a file")  # noqa: TID251
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.set_defaults(run=run)
    return parser


def _token(asked: argparse.Namespace) -> str | Callable[[], str] | None:
    file: Path | None = asked.token_file
    if file is not None:
        return lambda: file.read_text(encoding="utf-8").strip()
    return os.environ.get(_TOKEN_VARIABLE)  # noqa: TID251 - a secret stands in no command line


def _tell(told: dict[str, object]) -> None:
    counts = ", ".join(f"{told[name]} {name}" for name in ("pending", "delivered", "refused", "set_aside"))
    age = "" if told["oldest_s"] is None else f"; the oldest unsettled one is {told['oldest_s']} s old"
    _say(counts + age, stream=sys.stdout)


def _age_s(moment: str | None) -> int | None:
    if moment is None:
        return None
    return int((datetime.now(timezone.utc) - datetime.fromisoformat(moment)).total_seconds())  # noqa: TID251


def _changed(rows: int, what: str) -> int:
    return _say(f"{rows} {what}", stream=sys.stdout)


def _say(line: str, code: int = _DONE, *, stream: TextIO = sys.stderr) -> int:
    stream.write(line + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

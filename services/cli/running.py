"""The command `up`: start a platform, show where everything listens, stay with it."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pydantic import SecretStr, ValidationError
from rich.table import Table

from infra.clock import SystemClock
from infra.embedded.faults import CannotStartError
from infra.embedded.given_postgres import checked_url
from infra.issuers import TrustedIssuer
from services.cli.endpoints import Endpoints, read_endpoints
from services.cli.options import EMBEDDED, KAFKA, Options
from services.cli.output import console, say, say_json
from services.cli.start import Started, start
from services.cli.state import State
from services.cli.stops import Exit, Stop


def options(
    data_dir: Path, broker: str, database_url: str | None, clock: str, *, ephemeral: bool, separate: bool
) -> Options:
    """Return what `up` was asked for.

    Raises:
        Stop: if the clock is neither real nor simulated, the broker neither a known word nor an address, or the
            database's URL none.
    """
    if broker not in {EMBEDDED, KAFKA} and not re.fullmatch(r"[^\s:]+:[0-9]{1,5}", broker):
        raise Stop(Exit.USED_WRONGLY, f"--broker is {EMBEDDED}, {KAFKA} or HOST:PORT, not {broker}.")
    if clock not in {"real", "simulated"}:
        raise Stop(Exit.USED_WRONGLY, f"--clock is real or simulated, not {clock}.")
    if database_url:
        try:
            checked_url(database_url)
        except CannotStartError as problem:
            raise Stop(Exit.USED_WRONGLY, str(problem)) from None
    return Options(
        data_dir=data_dir.absolute(),
        broker=broker,
        database_url=SecretStr(database_url) if database_url else None,
        ephemeral=ephemeral,
        separate=separate,
        simulated_from=SystemClock().now() if clock == "simulated" else None,
    )


def with_issuer(asked: Options, given: str | None) -> Options:
    """Return the options with the issuer that was named by its URL or by a settings file (JSON, see the guide).

    Raises:
        Stop: if it is neither, or time is simulated: then only development tokens are taken.
    """
    if given is None:
        return asked
    if asked.simulated_from is not None:
        raise Stop(Exit.USED_WRONGLY, "Simulated time is for development tokens only: leave out --issuer.")
    try:
        issuer = _issuer_of(given)
    except (ValidationError, OSError) as problem:
        why = "; ".join(_faults(problem)) if isinstance(problem, ValidationError) else problem.strerror
        raise Stop(Exit.USED_WRONGLY, f"--issuer takes an https URL or a JSON settings file: {why}.") from None
    return asked.model_copy(update={"issuer": issuer})


def _issuer_of(given: str) -> TrustedIssuer:
    if "://" in given:
        return TrustedIssuer(url=given)
    return TrustedIssuer.model_validate_json(Path(given).read_bytes())


def _faults(problem: ValidationError) -> Iterator[str]:
    for error in problem.errors(include_input=False):
        where = ".".join(map(str, error["loc"]))
        yield f"{where}: {error['msg'].removeprefix('Value error, ')}" if where else error["msg"]


def up(asked: Options, *, detach: bool, as_json: bool) -> None:
    """Start a platform, show where it listens, and stay with it unless it is to be left alone."""
    started = start_telling(asked, quiet=as_json)
    if detach:
        show_endpoints(asked, started, as_json=as_json)
    else:
        started.stay(partial(show_endpoints, asked, started, as_json=as_json))


def start_telling(asked: Options, *, quiet: bool) -> Started:
    """Start a platform, on a terminal with a line that says what is being waited for."""
    if quiet or not console.is_terminal:
        return start(asked)
    with console.status("Starting…") as line:
        return start(asked, tell=line.update)


def show_endpoints(asked: Options, started: Started, *, as_json: bool) -> None:
    """Show where everything listens, where it persists, and by which clock it records."""
    endpoints = read_endpoints(asked.data_dir)
    if as_json:
        say_json(endpoints.model_dump())
        return
    say(_endpoints_table(endpoints, asked, started.state))


def _endpoints_table(endpoints: Endpoints, asked: Options, state: State) -> Table:
    kept = "nothing: removed at the end" if asked.ephemeral else str(asked.data_dir)
    clock = "SIMULATED – not for real cases" if state.clock == "simulated" else "real"
    table = Table("what", "where", title="Chung Tay runs", title_justify="left")
    for agency, url in endpoints.agencies.items():
        table.add_row(f"door of {agency}", url)
    table.add_row("coordination (joint view)", endpoints.coordination)
    table.add_row("audit (replay, proofs)", endpoints.audit)
    table.add_row(f"broker ({asked.broker})", endpoints.kafka)
    table.add_section()
    table.add_row("persists in", kept)
    table.add_row("clock", clock)
    if asked.issuer is None:
        table.add_row("not for production", "built-in tokens, loopback only")
    else:
        table.add_row("tokens of", asked.issuer.url)
    return table

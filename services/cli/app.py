"""The command `chungtay`: every command with its options; what each does lies in a module of its own.

Exit codes: 0 done, 1 a check failed, 2 used wrongly, 3 the platform is not reachable.
"""

import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, NoReturn
from uuid import UUID

import typer

from events.parties import Agency, Audience, Duty
from services.cli import data_dir, letters, publishing, reading, rebuild, retrying, running
from services.cli import doctor as doctors
from services.cli import reset as resetting
from services.cli.agreement.commands import commands as agreements
from services.cli.arguments import DataDirOption, JsonOption
from services.cli.data_dir import DataDir
from services.cli.demo import show
from services.cli.demo.run import Asked
from services.cli.demo.scenario import scenario_file
from services.cli.erase_command import ERASE_EXAMPLE, erase
from services.cli.keys_command import keys_app
from services.cli.options import EMBEDDED
from services.cli.output import complain
from services.cli.sheets import handing_in
from services.cli.stops import Exit, Stop

app = typer.Typer(
    name="chungtay",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="Chung Tay: agencies that protect a child work one case together, and each sees exactly what it may.",
    epilog="Exit codes: 0 done, 1 a check failed, 2 used wrongly, 3 the platform is not reachable.",
)

app.add_typer(agreements)

LanguageOption = Annotated[Literal["vi", "en"], typer.Option("--lang", help="The language of the sheet.")]
BrokerOption = Annotated[str, typer.Option(help="embedded, kafka (Apache Kafka, started here), or HOST:PORT.")]


@app.command(epilog="Examples: chungtay up --detach   |   chungtay up --issuer https://login.example/realms/chungtay")
def up(
    *,
    data_dir: DataDirOption = data_dir.DEFAULT,
    broker: BrokerOption = EMBEDDED,
    database_url: Annotated[
        str | None,
        typer.Option(envvar="CHUNGTAY_DATABASE_URL", help="A PostgreSQL superuser's URL, instead of the embedded one."),
    ] = None,
    ephemeral: Annotated[bool, typer.Option("--ephemeral", help="Remove all data at the end.")] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Leave it running and return.")] = False,
    separate: Annotated[bool, typer.Option("--separate", help="One process for each agency's door.")] = False,
    clock: Annotated[str, typer.Option(help="real, or simulated (for demo data only).")] = "real",
    issuer: Annotated[
        str | None, typer.Option(help="An OpenID provider's URL, or a settings file; else built-in tokens.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Start the whole platform and show where everything listens."""
    asked = running.options(data_dir, broker, database_url, clock, ephemeral=ephemeral, separate=separate)
    asked = running.with_issuer(asked, issuer)
    running.up(asked, detach=detach, as_json=as_json)


@app.command(epilog="Example: chungtay down")
def down(data_dir: DataDirOption = data_dir.DEFAULT, as_json: JsonOption = False) -> None:
    """Stop the platform; its data stay."""
    running.down(data_dir, as_json=as_json)


@app.command(epilog="Example: chungtay status --json")
def status(data_dir: DataDirOption = data_dir.DEFAULT, as_json: JsonOption = False) -> None:
    """Show each process, whether it is ready, and how far the views lag; exit 1 when something is not well."""
    running.status(data_dir, as_json=as_json)


@app.command(epilog="Examples: chungtay retry --all   |   chungtay retry 0f5c…")
def retry(
    *,
    stream: Annotated[UUID | None, typer.Argument(help="The stream to try again.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Try every stream in quarantine again.")] = False,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Show cases again that waited in quarantine, once the cause is mended; exit 1 when any still waits."""
    retrying.retry(data_dir, stream, every=every, as_json=as_json)


@app.command(epilog="Examples: chungtay doctor   |   chungtay doctor --database-url postgresql://… --json")
def doctor(
    *,
    data_dir: DataDirOption = data_dir.DEFAULT,
    broker: Annotated[str | None, typer.Option(help="As for `up`: also look whether this one answers.")] = None,
    database_url: Annotated[
        str | None, typer.Option(envvar="CHUNGTAY_DATABASE_URL", help="As for `up`: also look at this one.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Check this machine and a data dir and say what to do; exit 1 when something is not well."""
    doctors.doctor(doctors.Asked(DataDir(data_dir.absolute()), broker, database_url), as_json=as_json)


@app.command(epilog="Example: chungtay reset --yes")
def reset(
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    real_data_too: Annotated[
        bool, typer.Option("--yes-delete-real-data", help="Also what the real clock recorded.")
    ] = False,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Stop the platform and delete its data and keys for ever."""
    resetting.reset(DataDir(data_dir.absolute()), yes=yes, real_data_too=real_data_too, as_json=as_json)


@app.command(epilog="Examples: chungtay demo   |   chungtay demo --scenario 2 --broker kafka --exit")
def demo(
    *,
    data_dir: DataDirOption = data_dir.DEFAULT,
    broker: BrokerOption = EMBEDDED,
    scenario: Annotated[str, typer.Option(help="Number of the scenario (1 or 2), or a file.")] = "1",
    leave: Annotated[bool, typer.Option("--exit", help="Stop the platform at the end.")] = False,
    canaries: Annotated[Path | None, typer.Option(hidden=True)] = None,
    as_json: JsonOption = False,
) -> None:
    """Play a scenario through the agencies' own doors and show who sees what."""
    show.demo(Asked(data_dir, broker, scenario_file(scenario), canaries), leave=leave, as_json=as_json)


@app.command(epilog="Example: chungtay token --agency police --unit commune_police_00340 --publisher")
def token(
    *,
    agency: Annotated[Agency, typer.Option(help="Whose door it opens.")],
    unit: Annotated[str | None, typer.Option(help="The office; the agency's first one unless told.")] = None,
    publisher: Annotated[bool, typer.Option("--publisher", help="May publish the unit's events.")] = False,
    audience: Annotated[Audience | None, typer.Option(help="May read this audience's view.")] = None,
    duty: Annotated[list[Duty] | None, typer.Option(help="What the reader is on duty for; may be repeated.")] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Print a development token, valid for 12 hours at most."""
    wanted = publishing.Wanted(agency, unit, audience, frozenset(duty or ()))
    publishing.token(data_dir, wanted, publisher=publisher, as_json=as_json)


@app.command(epilog="Example: chungtay letter-keys --agency police --unit commune_police_00340 -o unit.keys.json")
def letter_keys(
    *,
    agency: Annotated[Agency, typer.Option(help="Whose door the unit writes to.")],
    unit: Annotated[str, typer.Option(help="The office that writes.")],
    out: Annotated[Path, typer.Option("--output", "-o", help="Where the unit's own keys go, mode 0600.")],
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Draw the keys by which a unit publishes straight over Kafka, and register them at its door."""
    letters.letter_keys(data_dir, agency, unit, out, as_json=as_json)


@app.command(epilog="Example: chungtay publish event.json --agency police --dry-run")
def publish(
    *,
    file: Annotated[str, typer.Argument(help="A CloudEvent or a list of them; - reads standard input.")],
    agency: Annotated[Agency, typer.Option(help="Whose door to publish at.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, write nothing.")] = False,
    credentials: Annotated[
        Path | None,
        typer.Option(envvar="CHUNGTAY_CREDENTIALS", help="The unit's own key, where the issuer is not built in."),
    ] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Publish CloudEvents at an agency's door and print the receipts."""
    publishing.publish(publishing.Sent(data_dir, agency, dry_run, credentials), file, as_json=as_json)


@app.command(epilog="Example: chungtay template police.report_received.v1 -o reports.xlsx --lang vi")
def template(
    *,
    type_: Annotated[str, typer.Argument(metavar="TYPE", help="The event type that each row is to state.")],
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="The .xlsx to write; TYPE.xlsx unless told.")
    ] = None,
    language: LanguageOption = "vi",
    as_json: JsonOption = False,
) -> None:
    """Write the spreadsheet of an event type: headings, dropdowns, an example, an explanation of each field."""
    handing_in.template(type_, out, language, as_json=as_json)


@app.command("import", epilog="Example: chungtay import reports.xlsx --agency police --type police.report_received.v1")
def import_(
    *,
    file: Annotated[Path, typer.Argument(help="An .xlsx, .xls, .ods or .csv with the headings of the template.")],
    agency: Annotated[Agency, typer.Option(help="Whose door to publish at.")],
    type_: Annotated[str, typer.Option("--type", help="The event type that each row states.")],
    unit: Annotated[str | None, typer.Option(help="The unit that says so, where a row does not name one.")] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet to read; the first unless told.")] = None,
    time_zone: Annotated[str, typer.Option(help="Where times without a zone were written down.")] = "Asia/Ho_Chi_Minh",
    errors: Annotated[
        Path | None, typer.Option(help="Where rows with faults go; unless told, FILE.errors.xlsx.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row at the door, write nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Publish unasked: with --json, or without a terminal.")] = False,
    language: LanguageOption = "vi",
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Publish the rows of a spreadsheet once asked; rows with faults come back in a sheet that says what to mend.

    Where nobody can be asked and --yes is not given, it checks the rows, publishes nothing, and exits with 2.
    """
    wanted = handing_in.Wanted(file, agency, type_, unit, sheet, time_zone, language, errors, dry_run)
    handing_in.hand_in(data_dir, wanted, unasked=yes, as_json=as_json)


@app.command(epilog="Example: chungtay replay 7K3QZ9M2T4XD --as education --known-at 2026-04-08T12:00:00+07:00")
def replay(
    *,
    case: Annotated[str, typer.Argument(help="The auditor's reference of the case, as `chungtay demo` prints it.")],
    as_of: Annotated[datetime | None, typer.Option(formats=reading.MOMENTS, help="What had occurred by then.")] = None,
    known_at: Annotated[
        datetime | None, typer.Option(formats=reading.MOMENTS, help="What was recorded by then.")
    ] = None,
    audience: Annotated[Audience | None, typer.Option("--as", help="As this audience was shown it.")] = None,
    duty: Annotated[Duty | None, typer.Option(help="With this duty.")] = None,
    glass: Annotated[UUID | None, typer.Option(help="As shown under this broken glass, while it stood open.")] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Show the case as it was, at any moment, as anybody saw it."""
    asked = {"as_of": as_of, "known_at": known_at, "audience": audience, "duty": duty, "glass": glass}
    reading.replay(data_dir, case, asked, as_json=as_json)


app.command(epilog=ERASE_EXAMPLE)(erase)
app.add_typer(keys_app, name="keys")


@app.command(epilog="Example: chungtay verify")
def verify(
    case: Annotated[str | None, typer.Option(help="Only this case (the auditor's reference).")] = None,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Prove that nobody changed the history; exit 1 and name the first bad event when it does not hold."""
    reading.verify(data_dir, case, as_json=as_json)


@app.command(name="rebuild", epilog="Examples: chungtay rebuild education   |   chungtay rebuild all --verify")
def rebuild_view(
    view: Annotated[str, typer.Argument(help="An audience, whose view it is, or all.")],
    *,
    verify: Annotated[bool, typer.Option("--verify", help="Only compare, and change nothing.")] = False,
    data_dir: DataDirOption = data_dir.DEFAULT,
    as_json: JsonOption = False,
) -> None:
    """Fold a view from zero beside the live one and swap it in; readers and writers go on meanwhile."""
    rebuild.rebuild(data_dir, view, verify=verify, as_json=as_json)


@app.command(epilog="Example: chungtay serve audit")
def serve(
    service: Annotated[
        str, typer.Argument(help="keys, agencies, case_record, relay, projector, coordination or audit.")
    ],
    data_dir: DataDirOption = data_dir.DEFAULT,
) -> None:
    """Run one service alone, in place of this command, with its settings file (or the one CHUNGTAY_SETTINGS names)."""
    running.serve(data_dir, service)


def main() -> None:
    """Run a command; tell what stopped it in one line. SIGTERM unwinds as Ctrl-C does, so nothing is left running."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        app()
    except Stop as stop:
        _end(stop)
    except OSError as problem:
        where = problem.filename or "This machine"
        _end(Stop(Exit.USED_WRONGLY, f"{where}: {problem.strerror}. Run as its owner, or choose another --data-dir."))


def _end(stop: Stop) -> NoReturn:
    complain(stop, as_json="--json" in sys.argv)
    sys.exit(stop.code)

"""The commands of an agency's engineer: token, publish."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from events.codec import NotStrictJsonError, read_strictly
from events.parties import Agency, Audience, Duty
from events.units import units
from services.cli.desk import Desk, told
from services.cli.endpoints import read_endpoints
from services.cli.output import say, say_json
from services.cli.passes import Pass, issue
from services.cli.stops import Exit, Stop


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom a token is for; no audience: a publisher."""

    agency: Agency
    unit: str | None
    audience: Audience | None
    duties: frozenset[Duty]


def token(data_dir: Path, wanted: Wanted, *, publisher: bool, as_json: bool) -> None:
    """Print a token of the built-in issuer.

    Raises:
        Stop: if it is neither a publisher's nor an audience's, or the unit is not the agency's.
    """
    if publisher == (wanted.audience is not None):
        raise Stop(Exit.USED_WRONGLY, "Say either --publisher or --audience X.")
    unit = wanted.unit or _first_unit(wanted.agency, wanted.audience)
    made = issue(data_dir, Pass(wanted.agency, unit, wanted.audience, wanted.duties))
    if as_json:
        say_json({"token": made, "agency": wanted.agency.value, "unit": unit})
    else:
        sys.stdout.write(made + "\n")


def publish(data_dir: Path, file: str, agency: Agency, *, dry_run: bool, as_json: bool) -> None:
    """Publish one event or several at an agency's door.

    Raises:
        Stop: if the file is not JSON or an event is refused.
    """
    body = _read(file)
    events = body if isinstance(body, list) else [body]
    sources = {str(event.get("source")) for event in events}
    if len(sources) != 1:
        raise Stop(Exit.USED_WRONGLY, "All events of one call have the same source: the unit that asserts them.")
    url = read_endpoints(data_dir).agencies.get(agency.value)
    if url is None:
        raise Stop(Exit.USED_WRONGLY, f"{agency} has no door yet.")
    desk = Desk(url, issue(data_dir, Pass(agency, sources.pop())))
    if isinstance(body, list):
        answers = told(desk.publish_batch(events, dry_run=dry_run))
    else:
        answers = [{"receipt": told(desk.publish(events[0], dry_run=dry_run))}]
    _show(answers, dry_run=dry_run, as_json=as_json)


def _show(answers: list[dict[str, Any]], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        say_json(answers)
    refused = [answer["problem"] for answer in answers if "problem" in answer]
    for answer in answers if not as_json else []:
        say(_line(answer, dry_run=dry_run))
    if refused:
        raise Stop(Exit.CHECK_FAILED, f"{len(refused)} of {len(answers)} were refused: {refused[0].get('title', '')}")


def _line(answer: dict[str, Any], *, dry_run: bool) -> str:
    if "problem" in answer:
        return f"refused   {json.dumps(answer['problem'], ensure_ascii=False)}"
    if dry_run:
        return "would be accepted; nothing was written"
    receipt = answer["receipt"]
    return f"accepted  {receipt['source']} {receipt['id']}  receipt {receipt['number']}  {receipt['accepted_at']}"


def _read(file: str) -> Any:
    """Return the JSON of a file, or of standard input.

    Raises:
        Stop: if it cannot be read or is not strict JSON.
    """
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as problem:
        raise Stop(Exit.USED_WRONGLY, f"Cannot read {file}: {problem.strerror}.") from None
    try:
        body = read_strictly(raw)
    except NotStrictJsonError as problem:
        raise Stop(Exit.USED_WRONGLY, f"{file} is not JSON as a door takes it: {problem}.") from None
    if not all(isinstance(event, dict) for event in (body if isinstance(body, list) else [body])):
        raise Stop(Exit.USED_WRONGLY, f"{file} holds neither a CloudEvent nor a list of them.")
    return body


def _first_unit(agency: Agency, audience: Audience | None) -> str:
    found = [unit.id for unit in units().values() if unit.agency is agency and audience in {None, unit.audience}]
    if not found:
        raise Stop(Exit.USED_WRONGLY, f"No unit of {agency} reads as {audience}.")
    return found[0]

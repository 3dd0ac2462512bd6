"""The command `verify`: the auditor's proof, and the exact bytes beside it.

The auditor checks links by the digests of boxes that the database makes for it. Here the boxes themselves are read, by
a role of no audience whose password the auditor's service does not have: so nobody can hide a changed box by changing
what makes the digests, and what an earlier release linked is checked too (decision 0036).
"""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from events.chain import Broken, Link, first_break
from infra.postgres.exact_bytes import recorded_links
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.roles import VERIFIER
from services.cli.desk import told
from services.cli.endpoints import dsn_as
from services.cli.output import say, say_json, typed
from services.cli.reading import auditor
from services.cli.stops import Exit, Stop

Verdict = dict[str, Any]


def verify(data_dir: Path, case: str | None, *, as_json: bool) -> None:
    """Check every chain, as the auditor and over the exact bytes; of one case, as the auditor alone.

    Raises:
        Stop: if one does not hold, the first bad event being named; or nothing answers.
    """
    verdict: Verdict = told(auditor(data_dir).get("/v1/verify", {"case": case} if case else None))
    verdict["exact"] = None if case else _exact(data_dir, verdict)
    if as_json:
        say_json(verdict)
    elif verdict["holds"]:
        say(f"The history holds: {verdict['events']} events in {verdict['streams']} streams.{_beside(verdict)}")
    if not verdict["holds"]:
        bad = verdict["first_break"]
        raise Stop(
            Exit.CHECK_FAILED,
            f"The history does not hold: {_bad_event(bad)} ({_where(bad)}).",
        )


def break_in(links: Iterable[Link]) -> tuple[int, Broken | None]:
    """Return how many events were looked at, and the first break.

    Order: by stream and version, each with its exact bytes. Memory: one stream at a time.
    """
    count = 0
    for _, chain in groupby(links, attrgetter("stream")):
        history = list(chain)
        count += len(history)
        bad = first_break(history)
        if bad:
            return count, bad
    return count, None


def _exact(data_dir: Path, verdict: Verdict) -> int:
    """Return how many events were looked at to the letter; a break that the auditor did not find is its first.

    Raises:
        Stop: if the database does not answer, or shows fewer events than it showed the auditor before.
    """
    try:
        with recorded_links(dsn_as(data_dir, VERIFIER)) as links:
            count, bad = break_in(links)
    except DatabaseUnreachableError:
        raise Stop(Exit.NOT_REACHABLE, f"The database does not answer: see {typed('status', data_dir)}.") from None
    if bad and verdict["holds"]:
        where = {"case": str(bad.stream), "agreement": None, "version": bad.version}
        verdict |= {"holds": False, "first_break": {**where, "event": None, "reason": bad.reason}}
    if count < verdict["events"] and verdict["holds"]:
        hidden = verdict["events"] - count
        raise Stop(
            Exit.CHECK_FAILED, f"The database hides {hidden} of {verdict['events']} events from whoever checks them."
        )
    return count


def _beside(verdict: Mapping[str, Any]) -> str:
    """Return what is said of events of an earlier release."""
    if not verdict["unchecked"]:
        return ""
    if verdict["exact"] is None:
        return f" {verdict['unchecked']} of them, of an earlier release, only the whole `chungtay verify` can check."
    return f" {verdict['unchecked']} of them are of an earlier release, and were checked here alone."


def _bad_event(bad: Mapping[str, Any]) -> str:
    what = f"event {bad['event']}" if bad["event"] else "its event"
    return f"{what} is {bad['reason']}"


def _where(bad: Mapping[str, Any]) -> str:
    if bad["agreement"] is not None:
        return f"the agreement, version {bad['agreement']}"
    return f"case {bad['case']}, version {bad['version']}"

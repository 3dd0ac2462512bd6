"""After everything is quiet: what was answered is in the register once, nothing else is, and every view follows."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import psycopg
from psycopg.rows import dict_row

from events.case import MatchEnded, MatchEstablished, MatchSuggested, StatementFlagged
from events.parties import Agency
from events.privacy import AgreementAdopted
from infra.crypto.door_secrets import PUBLIC_KEYS_FILE, read_receipt_keys
from infra.crypto.receipts import Receipt, first_break
from tests.endurance.load import Key, Load
from tests.endurance.sayings import AGENCY_OF
from tests.walk.platforms import Platform

_RECEIPTS = (
    "select source, id, number, accepted_at, simulated, content_sha256, previous, key_id, signature"
    " from door_{}.journal order by source, number"
)
_OUTCOMES = "select source, id, status from door_{0}.journal join door_{0}.deliveries using (position)"
_GAPS = (
    "select originator_id from case_record.events group by originator_id"
    " having count(*) <> max(originator_version) or min(originator_version) <> 1"
)


@dataclass
class Verdict:
    """What was counted, and everything that is not as promised."""

    counted: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def none_of(self, what: str, found: Sequence[Any]) -> None:
        """Count; any of it is a fault."""
        self.counted[what] = len(found)
        if found:
            self.faults.append(f"{what}: {len(found)}, first {found[0]}")

    def holds(self, what: str, *, that: bool) -> None:
        """Note a fault unless something holds."""
        if not that:
            self.faults.append(what)


def judge(platform: Platform, load: Load) -> Verdict:
    """Compare what was sent with all that the platform keeps; it must be quiet."""
    verdict = Verdict()
    verdict.faults.extend(load.wrong)
    verdict.counted |= {"sent": len(load.sent), "answered": len(load.receipts)}
    with platform.connect() as connection:
        inbox = {(source, id_): status for source, id_, status in connection.execute(_INBOX).fetchall()}
        _once(verdict, connection, load, inbox)
        for agency in sorted(set(AGENCY_OF.values())):
            _receipts(verdict, platform, connection, load, agency)
            _outcomes(verdict, connection, agency, inbox)
        verdict.none_of("streams with a gap", connection.execute(_GAPS).fetchall())
    _by_command(verdict, platform)
    return verdict


_BOTH_SIDES = {MatchSuggested.TYPE, MatchEstablished.TYPE}
_COMPARED = {*_BOTH_SIDES, MatchEnded.TYPE, StatementFlagged.TYPE}  # what a comparison leads to names no cause
_INBOX = "select source, id, status from case_record.inbox"


def _once(verdict: Verdict, connection: "psycopg.Connection[Any]", load: Load, inbox: Mapping[Key, str]) -> None:
    events = [json.loads(row[0]) for row in connection.execute("select state from case_record.events")]
    stated = Counter((event["source"], event["id"]) for event in events)
    said = {(event["source"], event["id"]): event["type"] for event in events if event["source"] != "case_record"}
    recorded = {key for key, status in inbox.items() if status == "recorded"}
    causes = {id_ for _, id_ in recorded}
    verdict.counted |= {"recorded": len(recorded), "rejected": len(inbox) - len(recorded), "events": len(events)}
    verdict.none_of("lost", [key for key in load.receipts if key not in inbox])
    verdict.none_of("doubled", [key for key, times in stated.items() if times > 1])
    verdict.none_of("never sent", [key for key in inbox.keys() | said.keys() if key not in load.sent])
    verdict.none_of("recorded and no event, or the other way round", sorted(recorded ^ said.keys()))
    verdict.none_of("of another type", [key for key in recorded & said.keys() if said[key] != load.sent[key].type])
    own = [e for e in events if e["source"] == "case_record" and e["type"] != AgreementAdopted.TYPE]
    decided = [event["id"] for event in own]
    caused = [event for event in own if event.get("causationid") in causes]
    compared = [event for event in own if "causationid" not in event and event["type"] in _COMPARED]
    explained = {event["id"] for event in [*caused, *compared]}
    verdict.none_of("decided without a cause", [one for one in decided if one not in explained])
    told = Counter((e["type"], e["recordedtime"]) for e in compared if e["type"] in _BOTH_SIDES)
    verdict.none_of("told to one side alone", [what for what, times in told.items() if times % 2])
    verdict.counted["decided"] = len(decided)


def _receipts(
    verdict: Verdict, platform: Platform, connection: "psycopg.Connection[Any]", load: Load, agency: Agency
) -> None:
    keys = read_receipt_keys(platform.data_dir / "secrets" / PUBLIC_KEYS_FILE)
    kept = list(_kept(connection, agency))
    for source, receipts in groupby(kept, key=lambda receipt: receipt.source):
        broken = first_break(receipts, keys)
        verdict.holds(f"receipt {broken} of {source} does not hold", that=broken is None)
    told = {key: Receipt.model_validate_json(json.dumps(receipt)) for key, receipt in load.receipts.items()}
    mine = {key: receipt for key, receipt in told.items() if AGENCY_OF[key[0]] is agency}
    unsalted = {key: receipt.model_copy(update={"salt": None}) for key, receipt in mine.items()}
    verdict.holds(
        f"the receipts of {agency} are not those of its journal",
        that={(one.source, one.id): one for one in kept} == unsalted,
    )
    broken_word = [key for key, receipt in mine.items() if not receipt.commits_to(load.sent[key].body)]
    verdict.holds(f"a receipt of {agency} is for other bytes: {broken_word[:1]}", that=not broken_word)


def _kept(connection: "psycopg.Connection[Any]", agency: Agency) -> Iterator[Receipt]:
    cursor = connection.cursor(row_factory=dict_row)
    for row in cursor.execute(_RECEIPTS.format(agency.value).encode()):
        yield Receipt(**row)


def _outcomes(
    verdict: Verdict, connection: "psycopg.Connection[Any]", agency: Agency, inbox: Mapping[Key, str]
) -> None:
    told = connection.execute(_OUTCOMES.format(agency.value).encode()).fetchall()
    other = [(source, id_) for source, id_, status in told if inbox.get((source, id_)) != status]
    verdict.holds(f"{agency} was told another outcome: {other[:1]}", that=not other)


def _by_command(verdict: Verdict, platform: Platform) -> None:
    """Ask as an operator would: do the chains hold, and is every view a fold from zero."""
    chains = platform.run("verify", "--json")
    verdict.holds(f"chungtay verify: {chains.stderr.strip()}", that=chains.returncode == 0)
    views = platform.run("rebuild", "all", "--verify", "--json")
    verdict.holds(f"chungtay rebuild all --verify: {views.stderr.strip()}", that=views.returncode == 0)
    if views.returncode == 0:
        told = json.loads(views.stdout)
        verdict.counted["folded from zero"] = told["events"]
        whole = told["events"] == verdict.counted["events"]
        verdict.holds(f"{told['events']} of {verdict.counted['events']} events are in the views", that=whole)

"""What a broken glass opens: no more than the agreement gives its audience at the widest, and four rows of it never.

What depends on who reads and on the case being open counts as met. What an event itself must be (own record, own task)
does not, nor what a person must have granted (a lawful request, a consent): nothing of that is known to hold because
somebody is in need. HIV status, statements, forensic items and the reporter stay shut whatever the agreement says.
Source: section D of the domain research, hard rules (c) and (e).
"""

from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from events.glass import GlassBroken
from events.labels import Category
from events.parties import Audience
from projections.case_file import CaseFile
from projections.disclosure.agreement import Condition
from projections.disclosure.disclose import Disclosed

PURPOSE = "emergency"  # nobody breaks a glass for another, and no agreement may take it from who breaks them
BREAKERS = frozenset({Audience.POLICE, Audience.HEALTH, Audience.CASE_MANAGER})
MET = frozenset({Condition.CASE_OPEN, Condition.CHAIR, Condition.TREATING, Condition.OWN_PUPIL})
NEVER = frozenset({Category.REPORTER_IDENTITY, Category.FORENSIC_EVIDENCE, Category.HIV_STATUS, Category.INVESTIGATION})


def told_once(entries: Sequence[Disclosed], files: Iterable[CaseFile]) -> list[Disclosed]:
    """Return entries without what a report says of a broken glass that its case says too."""
    of_a_case = {file.stream for file in files if file.root}
    by_the_case = {_breaking(entry) for entry in entries if entry.stream not in of_a_case} - {None}
    return [entry for entry in entries if entry.stream not in of_a_case or _breaking(entry) not in by_the_case]


def _breaking(entry: Disclosed) -> JsonValue:
    return entry.open["breaking"] if entry.type == GlassBroken.TYPE else None

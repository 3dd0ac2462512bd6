"""What follows when child and representative let somebody be told something, and when they take it back."""

from collections.abc import Iterator
from typing import assert_never

from events.case import SharingAllowed, SharingEnded
from events.parties import Audience
from services.case_record.domain.commands import Consents, RecordConsent, WithdrawConsent
from services.case_record.domain.dossier import Dossier
from services.case_record.domain.matter import flag
from services.case_record.domain.streams import Placed


def consents(command: Consents, dossier: Dossier) -> Iterator[Placed]:
    """Return what follows for the case, or for the report as long as it has none."""
    match command:
        case RecordConsent():
            yield from _record(command, dossier)
        case WithdrawConsent():
            yield from _withdraw(command, dossier)
        case _:
            assert_never(command)


def _record(command: RecordConsent, dossier: Dossier) -> Iterator[Placed]:
    """A consent to which nothing is missing allows what it names; one that is in doubt goes to a person's eye."""
    said = command.said
    if command.standing == "under_review":
        yield flag(said, dossier.main, "consent_to_check", Audience.CASE_MANAGER)
    if command.standing != "complete" or command.until is None or not (command.purposes and command.categories):
        return
    for audience in dict.fromkeys(command.recipients):
        event = SharingAllowed(
            consent=said.id,
            unit=said.unit,
            audience=audience,
            purposes=command.purposes,
            categories=command.categories,
            since=command.since or said.occurred_at,
            until=command.until,
        )
        yield Placed(dossier.main, event)


def _withdraw(command: WithdrawConsent, dossier: Dossier) -> Iterator[Placed]:
    """Only the unit's own consent is taken back; another's and one that is not known give the same flag."""
    said = command.said
    if dossier.holding(said.unit, command.consent) is None:
        yield flag(said, dossier.main, "unknown_consent")
        return
    for stream, shared in dossier.shared(said.unit, command.consent):
        named = not command.recipients or shared.audience in command.recipients
        ended = tuple(c for c in shared.categories if not command.categories or c in command.categories)
        if named and ended:
            event = SharingEnded(consent=command.consent, unit=said.unit, audience=shared.audience, categories=ended)
            yield Placed(stream, event)

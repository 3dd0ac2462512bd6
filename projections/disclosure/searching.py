"""Who may search for a child by name: the audiences that the agreement may ever tell a child's full identity."""

from collections.abc import Iterable

from events.labels import Category, Form
from events.parties import Audience
from projections.disclosure.agreement import Agreement, Release


def who_may_search(agreement: Agreement, audiences: Iterable[Audience]) -> list[Audience]:
    """Return those of these audiences for whom doors mark the children they are told of."""
    return [audience for audience in audiences if any(map(_tells_who, agreement.releases(audience)))]


def _tells_who(release: Release) -> bool:
    return (release.category, release.form) == (Category.CHILD_IDENTITY, Form.FULL)

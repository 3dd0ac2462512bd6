"""What it takes to answer one audience, and who stands before it."""

from dataclasses import dataclass, field
from uuid import UUID

from events.codes import code_list
from events.parties import STANDING_AUDIENCES, Audience
from infra.clock import Clock
from infra.crypto.likeness_keys import LikenessKeys
from infra.crypto.opener import Opener
from infra.postgres.access_log import AccessLog, Kind
from infra.postgres.agreements import AgreementReader
from infra.postgres.glass import GlassBook, Person
from infra.postgres.view_reader import Holder, ViewReader
from infra.postgres.withdrawals import WithdrawalReader
from infra.web.problems import Refused
from infra.web.requester import Requester
from projections.disclosure.agreement import Agreement
from projections.disclosure.agreements import Agreements
from projections.sight import Reader
from services.reading.rules import Asking


@dataclass(frozen=True, slots=True)
class ReadingDesk:
    """Everything an audience is answered with: view, access log, keys, agreement, withdrawals, broken glasses, time.

    `likeness`: by what it finds a child; None when the agreement lets it know no child by name, and it finds none.
    `patience_s`: how long a reader waits for its own write.
    """

    audience: Audience
    views: ViewReader
    access: AccessLog
    opener: Opener
    agreements: AgreementReader[Agreements]
    withdrawals: WithdrawalReader
    glasses: GlassBook
    clock: Clock
    likeness: LikenessKeys | None = None
    patience_s: float = 5.0


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a known person for a stated purpose, at a desk; `policies` let the person come to it.

    `agreements`: as they were once the request had come in; the whole of it is answered under these.
    `glass`: the broken glass under which it reads. `token` is the visitor's own, passed on to the
    key service and to nobody else.
    """

    desk: ReadingDesk
    requester: Requester
    purpose: str
    route: str
    agreements: Agreements
    token: str = field(repr=False)
    kind: Kind = "read"
    policies: tuple[str, ...] = ()
    glass: UUID | None = None

    @property
    def agreement(self) -> Agreement:
        """The version in force."""
        return self.agreements.newest

    @property
    def asking(self) -> Asking:
        """The request as the policies see it."""
        audience, now = self.desk.audience, self.desk.clock.now()
        return Asking(self.requester, audience, self.agreement.purposes(audience), self.purpose, self.kind, now)

    @property
    def holder(self) -> Holder:
        """Whose names the visitor uses, its unit's or its standing audience's, and for whom it reads."""
        standing = self.desk.audience in STANDING_AUDIENCES
        competence = self.asking.competence
        name = self.desk.audience.value if standing else self.requester.unit
        return Holder(name, competence.units, competence.leaders)

    @property
    def reader(self) -> Reader:
        """The visitor as the agreement sees it."""
        under_glass = self.glass is not None
        return Reader(self.desk.audience, self.requester.duties, self.requester.unit, self.purpose, under_glass)

    @property
    def person(self) -> Person:
        """The visitor as broken glasses know it."""
        return Person(self.requester.unit, self.requester.person, self.asking.competence.units)


def stated_purpose(given: str | None) -> str:
    """Return the purpose of a read.

    Raises:
        Refused: if none is stated, or it is no code of the list.
    """
    codes = code_list("purpose")
    if given not in codes:
        raise Refused("purpose_required", codes=", ".join(codes))
    return given

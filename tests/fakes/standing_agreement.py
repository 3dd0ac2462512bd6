"""The packaged agreement, which nobody ever changes."""

from projections.disclosure.agreement import Agreement
from projections.disclosure.packaged import packaged_agreement


class StandingAgreement:
    """What the projector asks for the agreement's versions, where there is one for ever."""

    async def current(self) -> Agreement:
        return packaged_agreement()

"""Give doors the keys of what they own, and readers the keys that the agreement entitles them to."""

import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from prometheus_client import Counter

from events.competence import VIET_NAM, competence_of
from events.parties import Agency, Audience
from events.units import units
from infra.clock import Clock
from infra.crypto.data_keys import DATA_KEY_BYTES, DataKey, KeyPlace, NoKey, WantedKey
from infra.keys.key_encryption import KeyEncryption, Wrapped, slot_of
from infra.postgres.agreements import AgreementReader
from infra.postgres.glass import GlassesShown
from infra.postgres.key_store import KeyStore, LivingKey, WrappedTooLate
from infra.postgres.sealings import Sealings
from infra.web.requester import Requester
from projections.disclosure.agreements import Agreements
from projections.sight import Reader
from services.keys.entitlement import case_of, entitling_clause, keeps_sight, source_of

_GIVEN = Counter("chungtay_keys_given_total", "Data keys given to doors.")
_RELEASED = Counter("chungtay_keys_asked_total", "Data keys that readers asked for.", ["outcome"])


class NotTheirsError(Exception):
    """A door asked for the key of what another agency asserts."""


@dataclass(frozen=True, slots=True)
class KeyGiver:
    """Everything the key service answers with."""

    store: KeyStore
    encryption: KeyEncryption
    agreements: AgreementReader[Agreements]
    sealings: Sealings
    glasses: GlassesShown
    clock: Clock

    async def for_door(self, agency: Agency, places: Sequence[KeyPlace]) -> dict[KeyPlace, DataKey]:
        """Return the living key of each place; those that have none are drawn, kept wrapped, and only then given.

        Raises:
            NotTheirsError: if a place is not of a unit of the door's agency.
            DatabaseUnreachableError: if the key database does not answer.
        """
        if not all(_is_of(agency, place) for place in places):
            raise NotTheirsError
        kept = await self.store.at(places)
        missing = {place for place in places if place not in kept}
        if missing:
            kept |= await self._made(missing)
        _GIVEN.inc(len(kept))
        return {place: DataKey(key.key_id, self._unwrapped(place, key.wrapped)) for place, key in kept.items()}

    async def for_reader(
        self, requester: Requester, audience: Audience, wanted: Collection[WantedKey], glass: UUID | None = None
    ) -> dict[WantedKey, bytes | NoKey]:
        """Return each key that a clause in force gives the reader, or why there is none; sealed from it there is none.

        Under a broken glass none but those of the case that it shows to this very reader at this moment.

        Raises:
            DatabaseUnreachableError: if a database does not answer.
        """
        agreement, now = (await self.agreements.current()).newest, self.clock.now()
        reader = Reader(audience, requester.duties, requester.unit, requester.purpose, glass is not None)
        units = competence_of(requester.unit, now.astimezone(VIET_NAM).date()).units
        asked = (audience, requester.unit, requester.person, now)
        reached = await self.glasses.subjects(glass, *asked) if glass else None
        kept = await self.store.by_id({one.key_id for one in wanted})
        sealed = await self.sealings.among({case_of(key.place) for key in kept.values()})

        def entitled(place: KeyPlace, stated: Collection[str]) -> bool:
            seen = keeps_sight(audience, units, sealed.get(case_of(place)))
            shown = reached is None or case_of(place) in reached
            return seen and shown and entitling_clause(place, reader, stated, agreement, now.date()) is not None

        def given(one: WantedKey) -> bytes | NoKey:
            key = kept.get(one.key_id)
            if key is None or not entitled(key.place, one.stated):
                return "not_released"
            return "destroyed" if key.wrapped is None else self._unwrapped(key.place, key.wrapped)

        answers = {one: given(one) for one in wanted}
        for answer in answers.values():
            _RELEASED.labels("released" if isinstance(answer, bytes) else answer).inc()
        return answers

    async def _made(self, places: Collection[KeyPlace]) -> dict[KeyPlace, LivingKey]:
        """Draw a key for each place, and return the one that is kept there.

        Raises:
            DatabaseUnreachableError: if the key database does not answer.
        """
        while True:
            drawn = [(secrets.token_hex(16), place, self._drawn(place)) for place in places]
            with suppress(WrappedTooLate):
                return await self.store.keep(drawn)

    def _drawn(self, place: KeyPlace) -> Wrapped:
        return self.encryption.wrap(slot_of(place), secrets.token_bytes(DATA_KEY_BYTES))

    def _unwrapped(self, place: KeyPlace, wrapped: Wrapped) -> bytes:
        return self.encryption.unwrap(slot_of(place), wrapped)


def _is_of(agency: Agency, place: KeyPlace) -> bool:
    unit = units().get(source_of(place))
    return place.owner is agency and unit is not None and unit.agency is agency

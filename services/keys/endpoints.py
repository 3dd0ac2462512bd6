"""What the key service answers: doors at /v1/data-keys, reading services at /v1/release, and nobody else.

Every refusal is the same problem: who asks wrongly learns nothing, not even what was wrong.
"""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import TypeVar

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ValidationError

from events.parties import Agency, Audience
from infra.crypto.data_keys import KeyPlace, NoKey, WantedKey
from infra.keys.assertions import HEADER, AssertionVerifier, NotAsserted
from infra.keys.key_encryption import KeysAwayError, Slot
from infra.keys.service_keys import OPERATOR_NAME, door_name, reader_name
from infra.keys.wire import (
    BEGIN_ROTATION,
    DATA_KEYS,
    JUDGE_ERASURE,
    LIST_VERSIONS,
    RELEASE,
    ROTATION_STEP,
    TOLD_ERASURE,
    ErasureJudged,
    ErasureTold,
    KeyGiven,
    KeysAsked,
    KeysGiven,
    LineJudged,
    Release,
    ReleaseAsked,
    Released,
    RotationBegun,
    SlotsAsked,
    StatementAsked,
    StepAsked,
    StepDone,
    VersionListed,
    VersionsListed,
    WishAsked,
)
from infra.postgres.faults import DatabaseUnreachableError
from infra.web.incoming import whole_body
from infra.web.problems import Refused
from infra.web.tokens import TokenVerifier
from services.keys.erasing import Eraser, Judged, Wish
from services.keys.giving import KeyGiver, NotTheirsError
from services.keys.rotating import Rotation, Version

_AGAIN_S = 2
_AWAY = (DatabaseUnreachableError, KeysAwayError)
_MOST_BYTES = 8_000_000
_DOORS = {door_name(agency): agency for agency in Agency}
_READERS = {reader_name(audience): audience for audience in Audience}

_Asked = TypeVar("_Asked", bound=BaseModel)


def key_router(
    giver: KeyGiver, eraser: Eraser, rotation: Rotation, *, services: AssertionVerifier, tokens: TokenVerifier
) -> APIRouter:
    """Return the routes of the key service."""
    counter = _Counter(giver, eraser, rotation, services=services, tokens=tokens)
    router = APIRouter(include_in_schema=False)
    router.add_api_route(DATA_KEYS, counter.data_keys, methods=["POST"])
    router.add_api_route(RELEASE, counter.release, methods=["POST"])
    router.add_api_route(JUDGE_ERASURE, counter.judge_erasure, methods=["POST"])
    router.add_api_route(TOLD_ERASURE, counter.told_erasure, methods=["POST"])
    router.add_api_route(LIST_VERSIONS, counter.key_versions, methods=["POST"])
    router.add_api_route(BEGIN_ROTATION, counter.begin_rotation, methods=["POST"])
    router.add_api_route(ROTATION_STEP, counter.rotation_step, methods=["POST"])
    return router


class _Counter:
    """Where services ask."""

    def __init__(
        self, giver: KeyGiver, eraser: Eraser, rotation: Rotation, *, services: AssertionVerifier, tokens: TokenVerifier
    ) -> None:
        self._giver = giver
        self._eraser = eraser
        self._rotation = rotation
        self._services = services
        self._tokens = tokens

    async def data_keys(self, request: Request) -> Response:
        """Give a door the keys of places of its own, made where there were none.

        Raises:
            Refused: if anybody else asks, for anything else, or the keys cannot be reached.
        """
        name, asked = await self._heard(request, KeysAsked)
        agency = _DOORS.get(name)
        if agency is None:
            raise Refused("bad_token")
        places = [KeyPlace(agency, one.subject, one.category, one.part, one.form) for one in asked.places]
        try:
            keys = await self._giver.for_door(agency, places)
        except NotTheirsError:
            raise Refused("bad_token") from None
        except _AWAY:
            raise Refused("unavailable", seconds=_AGAIN_S) from None
        given = ((keys[place].key_id, keys[place].key) for place in places)
        return _answer(KeysGiven(keys=tuple(KeyGiven(key_id=id_, key=_text(key)) for id_, key in given)))

    async def release(self, request: Request) -> Response:
        """Give a reading service what its reader is entitled to.

        Raises:
            Refused: if anybody else asks, the reader is not of its audience, or the keys cannot be reached.
        """
        name, asked = await self._heard(request, ReleaseAsked)
        requester = replace(await self._tokens.verify(asked.token), purpose=asked.purpose)
        audience: Audience | None = _READERS.get(name)
        if audience is None or requester.role != "reader" or requester.audience is not audience:
            raise Refused("bad_token")
        wanted = [WantedKey(one.key_id, frozenset(one.stated)) for one in asked.wanted]
        try:
            keys = await self._giver.for_reader(requester, audience, set(wanted), asked.glass)
        except _AWAY:
            raise Refused("unavailable", seconds=_AGAIN_S) from None
        return _answer(Released(keys=tuple(_release(keys[one]) for one in wanted)))

    async def judge_erasure(self, request: Request) -> Response:
        """Tell the operator what an erasure would destroy and what is kept.

        Raises:
            Refused: if anybody else asks, or a database does not answer.
        """
        asked = await self._of_the_operator(request, WishAsked)
        wish = Wish(asked.authority, frozenset(asked.persons), frozenset(asked.categories), frozenset(asked.parts))
        try:
            stream = await self._eraser.stated.stream(asked.unit, asked.reference)
            verdict = await self._eraser.judge(stream, wish) if stream else None
        except _AWAY:
            raise Refused("unavailable", seconds=_AGAIN_S) from None
        if verdict is None:
            return _answer(ErasureJudged(known=False))
        return _answer(ErasureJudged(known=True, going=_lines(verdict.going), kept=_lines(verdict.kept)))

    async def told_erasure(self, request: Request) -> Response:
        """Tell the operator what became of an erasure.

        Raises:
            Refused: if anybody else asks, or the keys cannot be reached.
        """
        asked = await self._of_the_operator(request, StatementAsked)
        try:
            found = await self._eraser.book.told(asked.source, asked.id)
        except _AWAY:
            raise Refused("unavailable", seconds=_AGAIN_S) from None
        return _answer(ErasureTold(destroyed=found.destroyed, done=found.done) if found else ErasureTold())

    async def key_versions(self, request: Request) -> Response:
        """Tell the operator which versions of key-encryption keys there are.

        Raises:
            Refused: if anybody else asks, or the keys cannot be reached.
        """
        asked = await self._of_the_operator(request, SlotsAsked)
        try:
            found = await self._rotation.listed()
        except _AWAY:
            raise Refused("unavailable", seconds=_AGAIN_S) from None
        return _answer(VersionsListed(versions=tuple(_version(one) for one in found if _speaks_of(asked, one.slot))))

    async def begin_rotation(self, request: Request) -> Response:
        """Draw new key-encryption keys for the operator.

        Raises:
            Refused: if anybody else asks, or the keys cannot be reached.
        """
        asked = await self._of_the_operator(request, SlotsAsked)
        try:
            drawn = await self._rotation.begin(lambda slot: _speaks_of(asked, slot))
        except _AWAY:
            raise Refused("unavailable", seconds=_AGAIN_S) from None
        return _answer(RotationBegun(drawn=drawn))

    async def rotation_step(self, request: Request) -> Response:
        """Wrap the next data keys anew for the operator.

        Raises:
            Refused: if anybody else asks, or the keys cannot be reached.
        """
        asked = await self._of_the_operator(request, StepAsked)
        try:
            done = await self._rotation.step(asked.most)
        except _AWAY:
            raise Refused("unavailable", seconds=_AGAIN_S) from None
        return _answer(StepDone(**asdict(done)))

    async def _of_the_operator(self, request: Request, shape: type[_Asked]) -> _Asked:
        """Return what the operator asks.

        Raises:
            Refused: if anybody else does.
        """
        name, asked = await self._heard(request, shape)
        if name != OPERATOR_NAME:
            raise Refused("bad_token")
        return asked

    async def _heard(self, request: Request, shape: type[_Asked]) -> tuple[str, _Asked]:
        """Return which service asks, and what.

        Raises:
            Refused: if no known service asks this, now, for the first time.
        """
        body = await whole_body(request, _MOST_BYTES)
        try:
            name = self._services.verify(request.headers.get(HEADER), request.url.path, body)
            return name, shape.model_validate_json(body)
        except (NotAsserted, ValidationError):
            raise Refused("bad_token") from None


def _lines(judged: Iterable[Judged]) -> tuple[LineJudged, ...]:
    return tuple(LineJudged(**asdict(line)) for line in judged)


def _speaks_of(asked: SlotsAsked, slot: Slot) -> bool:
    wanted = zip((asked.owners, asked.categories, asked.forms), slot, strict=True)
    return all(not several or one in several for several, one in wanted)


def _version(one: Version) -> VersionListed:
    owner, category, form = one.slot
    return VersionListed(
        owner=owner,
        category=category,
        form=form,
        version=one.version,
        data_keys=one.data_keys,
        in_use=one.in_use,
    )


def _release(key: bytes | NoKey) -> Release:
    return Release(key=_text(key)) if isinstance(key, bytes) else Release(destroyed=key == "destroyed")


def _text(key: bytes) -> str:
    return b64encode(key).decode("ascii")


def _answer(said: BaseModel) -> Response:
    return Response(said.model_dump_json(), media_type="application/json")

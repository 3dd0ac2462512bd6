"""Ask the key service, over one connection that stays open, each request signed with the service's own key.

Promise: an answer that cannot be had in time (3 s unless told) raises `KeysUnreachableError`, and so does a refusal:
whoever waits for it is told to come again, and nothing is half done.
"""

from base64 import b64decode
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from infra.crypto.data_keys import Asking, DataKey, KeyPlace, KeysUnreachableError, NoKey, WantedKey
from infra.keys.assertions import HEADER, assertion
from infra.keys.service_keys import ServiceKey
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
    KeysAsked,
    KeysGiven,
    KeyWanted,
    PlaceAsked,
    Release,
    ReleaseAsked,
    Released,
    RotationBegun,
    SlotsAsked,
    StatementAsked,
    StepAsked,
    StepDone,
    VersionsListed,
    WishAsked,
)
from infra.tls import believed_at

_PATIENCE_S = 3.0  # somebody waits for an answer
_CONNECTIONS = 8

_Answer = TypeVar("_Answer", bound=BaseModel)


class KeyClient:
    """Asks for one door or for the reading service of one audience."""

    def __init__(self, url: str, service: ServiceKey, patience_s: float = _PATIENCE_S) -> None:
        self._service = service
        limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS)
        self._http = httpx.AsyncClient(
            base_url=url, timeout=patience_s, limits=limits, trust_env=False, verify=believed_at(url)
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def data_keys(self, places: Sequence[KeyPlace]) -> dict[KeyPlace, DataKey]:
        """Return the living key of each place of the door's own, made if there was none.

        Raises:
            KeysUnreachableError: if they cannot be had just now.
        """
        asked = [PlaceAsked(subject=p.subject, category=p.category, part=p.part, form=p.form) for p in places]
        given = await self._ask(DATA_KEYS, KeysAsked(places=tuple(asked)), KeysGiven)
        keys = (DataKey(one.key_id, b64decode(one.key)) for one in given.keys)
        return dict(zip(places, keys, strict=True))

    async def release(self, asking: Asking, wanted: Collection[WantedKey]) -> Mapping[WantedKey, bytes | NoKey]:
        """Return the key for each that is wanted, or why there is none.

        Raises:
            KeysUnreachableError: if they cannot be had just now.
        """
        ordered = list(wanted)
        keys = tuple(KeyWanted(key_id=one.key_id, stated=tuple(sorted(one.stated))) for one in ordered)
        asked = ReleaseAsked(token=asking.token, purpose=asking.purpose, wanted=keys, glass=asking.glass)
        released = await self._ask(RELEASE, asked, Released)
        return dict(zip(ordered, map(_given, released.keys), strict=True))

    async def judge_erasure(self, wish: WishAsked) -> ErasureJudged:
        """Return what an erasure would destroy and what is kept; for the operator alone.

        Raises:
            KeysUnreachableError: if it cannot be had just now.
        """
        return await self._ask(JUDGE_ERASURE, wish, ErasureJudged)

    async def told_erasure(self, source: str, id_: str) -> ErasureTold:
        """Return what became of an erasure that was stated; for the operator alone.

        Raises:
            KeysUnreachableError: if it cannot be had just now.
        """
        return await self._ask(TOLD_ERASURE, StatementAsked(source=source, id=id_), ErasureTold)

    async def key_versions(self, slots: SlotsAsked) -> VersionsListed:
        """Return the versions there are of key-encryption keys; for the operator alone.

        Raises:
            KeysUnreachableError: if they cannot be had just now.
        """
        return await self._ask(LIST_VERSIONS, slots, VersionsListed)

    async def begin_rotation(self, slots: SlotsAsked) -> RotationBegun:
        """Have new key-encryption keys drawn, which wrap from now on; for the operator alone.

        Raises:
            KeysUnreachableError: if it is not known to be done; asking again draws no second one.
        """
        return await self._ask(BEGIN_ROTATION, slots, RotationBegun)

    async def rotation_step(self, most: int) -> StepDone:
        """Have the next data keys wrapped anew; for the operator alone.

        Raises:
            KeysUnreachableError: if it is not known to be done; asking again does no harm.
        """
        return await self._ask(ROTATION_STEP, StepAsked(most=most), StepDone)

    async def answers(self) -> None:
        """Return when the key service is ready.

        Raises:
            KeysUnreachableError: if it is not.
        """
        try:
            (await self._http.get("/readyz")).raise_for_status()
        except httpx.HTTPError as problem:
            raise KeysUnreachableError(type(problem).__name__) from None

    async def _ask(self, path: str, asked: BaseModel, answer: type[_Answer]) -> _Answer:
        body = asked.model_dump_json().encode()
        headers = {HEADER: assertion(self._service, path, body), "Content-Type": "application/json"}
        try:
            told = await self._http.post(path, content=body, headers=headers)
            told.raise_for_status()
            return answer.model_validate_json(told.content)
        except (httpx.HTTPError, ValidationError) as problem:
            raise KeysUnreachableError(type(problem).__name__) from None


def _given(release: Release) -> bytes | NoKey:
    if release.key is not None:
        return b64decode(release.key)
    return "destroyed" if release.destroyed else "not_released"

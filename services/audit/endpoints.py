"""The routes that only an auditor has."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime

from events.codes import code_list
from events.parties import Audience, Duty
from infra.postgres.access_log import AccessLogs, Kind
from infra.postgres.audit_reader import AuditReader
from infra.web.incoming import declared_parameters_only
from infra.web.tokens import TokenVerifier
from services.audit.access import list_access, read_access_cursor
from services.audit.glass_rates import show_rates
from services.audit.history import Asked, show_history
from services.audit.replay import Moments
from services.audit.shapes import (
    GlassRatesShape,
    HistoryShape,
    KeptBackListShape,
    LookListShape,
    PlainLookListShape,
    VerdictShape,
)
from services.audit.subject import AskedFor, tell_subject
from services.audit.verify import show_verdict
from services.reading.desk import ReadingDesk, Visit
from services.reading.endpoints import Limit, as_json, promise_of_reading, visiting

Relationship = Annotated[str, Query(pattern=f"^({'|'.join(code_list('relationship'))})$")]


@dataclass(frozen=True, slots=True)
class AuditDesk:
    """What an auditor is answered with: its own view, the register, the access logs of all."""

    reading: ReadingDesk
    register: AuditReader
    logs: AccessLogs


def audit_router(desk: AuditDesk, tokens: TokenVerifier) -> APIRouter:
    """Return the routes of replay, verification and the access logs."""
    router = APIRouter(dependencies=[Depends(declared_parameters_only)])
    kinds: tuple[Kind, ...] = ("replay", "verify", "look_up_access")
    replaying, verifying, looking_up = (visiting({Audience.AUDITOR: desk.reading}, tokens, kind) for kind in kinds)

    @router.get("/v1/cases/{case}/history", **promise_of_reading("read_history", HistoryShape, "history_changed"))
    async def history(
        visitor: Annotated[Visit, Depends(replaying)],
        case: str,
        *,
        as_of: AwareDatetime | None = None,
        known_at: AwareDatetime | None = None,
        audience: Audience = Audience.AUDITOR,
        duty: Duty | None = None,
        glass: UUID | None = None,
    ) -> Response:
        now = max(visitor.desk.clock.now(), visitor.agreements.newest_at)  # what was adopted last counts as known
        asked = Asked(Moments(as_of or now, known_at or now), audience, frozenset({duty} if duty else ()), glass)
        return as_json(await show_history(visitor, desk.register, case, asked))

    @router.get("/v1/verify", **promise_of_reading("verify_history", VerdictShape))
    async def verify(visitor: Annotated[Visit, Depends(verifying)], case: str | None = None) -> Response:
        return as_json(await show_verdict(visitor, desk.register, case))

    @router.get("/v1/access", **promise_of_reading("list_access", LookListShape))
    async def access(
        visitor: Annotated[Visit, Depends(looking_up)],
        *,
        case: str | None = None,
        from_: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        to: AwareDatetime | None = None,
        limit: Limit = 100,
        after: str | None = None,
    ) -> Response:
        page = (read_access_cursor(after), limit)
        return as_json(await list_access(visitor, desk.logs, case, (from_, to), page))

    return router


def rates_router(desk: AuditDesk, tokens: TokenVerifier) -> APIRouter:
    """Return the route of how often units opened cases in an emergency."""
    router = APIRouter(dependencies=[Depends(declared_parameters_only)])
    looking_up = visiting({Audience.AUDITOR: desk.reading}, tokens, "look_up_access")

    @router.get("/v1/break-glass/rates", **promise_of_reading("read_glass_rates", GlassRatesShape))
    async def glass_rates(
        visitor: Annotated[Visit, Depends(looking_up)],
        *,
        from_: Annotated[AwareDatetime | None, Query(alias="from")] = None,
        to: AwareDatetime | None = None,
    ) -> Response:
        return as_json(await show_rates(visitor, (from_, to)))

    return router


def subject_router(desk: AuditDesk, tokens: TokenVerifier) -> APIRouter:
    """Return the routes by which an auditor tells the child or its representative who looked."""
    router = APIRouter(dependencies=[Depends(declared_parameters_only)])
    telling = visiting({Audience.AUDITOR: desk.reading}, tokens, "tell_subject")

    @router.get("/v1/access/subject", **promise_of_reading("tell_subject", PlainLookListShape))
    async def subject(
        visitor: Annotated[Visit, Depends(telling)],
        case: str,
        relationship: Relationship | None = None,
        limit: Limit = 100,
        after: str | None = None,
    ) -> Response:
        asked, page = AskedFor(case, relationship), (read_access_cursor(after), limit)
        return as_json(await tell_subject(visitor, desk.logs, asked, page))

    @router.get("/v1/access/subject/kept-back", **promise_of_reading("list_kept_back", KeptBackListShape))
    async def kept_back(
        visitor: Annotated[Visit, Depends(telling)], case: str, limit: Limit = 100, after: str | None = None
    ) -> Response:
        asked, page = AskedFor(case, None), (read_access_cursor(after), limit)
        return as_json(await tell_subject(visitor, desk.logs, asked, page, kept_back=True))

    return router

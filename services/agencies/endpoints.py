"""A door over HTTP: publish events, ask what became of them, read the contract (architecture §8)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import JsonValue

from events.envelope import EventId, UnitId
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.journal import Delivery, Journal
from infra.web.incoming import TrueOrFalse, declared_parameters_only, media_type, whole_body
from infra.web.problems import Language, Problem, Refused, known_codes, language_of
from infra.web.server import problem_response
from infra.web.tokens import TokenVerifier
from services.agencies.batches import MAX_BATCH_BYTES, events_as_sent
from services.agencies.binary import as_structured, is_binary
from services.agencies.desk import RETRY_AFTER_S, Desk, Taken
from services.agencies.inbox import Correspondence
from services.agencies.inspection import MAX_EVENT_BYTES
from services.agencies.openapi import (
    inbox_keys_contract,
    publish_contract,
    receipt_keys_contract,
    schema_contract,
    status_contract,
    types_contract,
)
from services.agencies.schemas import schema_of
from services.agencies.sector import Sector
from services.reading.own_writes import after_of

BINARY = "application/json"  # of the data, when the attributes are headers; else of a whole event
STRUCTURED = ("application/cloudevents+json", BINARY)
BATCH = "application/cloudevents-batch+json"


def door_router(sector: Sector, desk: Desk, journal: Journal, verifier: TokenVerifier) -> APIRouter:
    """Return the routes by which units of a sector publish."""
    door = _Door(sector, desk, journal, verifier)
    theirs = [Depends(door.publisher), Depends(declared_parameters_only)]
    open_to_all = [Depends(declared_parameters_only)]
    router = APIRouter(prefix="/v1")
    router.add_api_route("/events", door.publish, methods=["POST"], dependencies=theirs, **publish_contract(sector))
    router.add_api_route("/events", door.event_status, methods=["GET"], dependencies=theirs, **status_contract())
    keys = receipt_keys_contract()
    router.add_api_route("/receipt-keys", door.receipt_keys, methods=["GET"], dependencies=open_to_all, **keys)
    router.add_api_route("/schemas", door.event_types, methods=["GET"], dependencies=open_to_all, **types_contract())
    schema = schema_contract() | {"response_class": Response}  # else application/json is promised beside it
    router.add_api_route("/schemas/{type_}", door.event_schema, methods=["GET"], dependencies=open_to_all, **schema)
    return router


def letters_router(letters: Correspondence | None) -> APIRouter:
    """Return the route that tells senders over Kafka which keys the door has; None: it takes no letters."""
    router = APIRouter(prefix="/v1")

    async def inbox_keys() -> dict[str, JsonValue]:
        """Return the keys to lock letters to and to know answers by (JSON Web Key Set).

        Raises:
            Refused: if this door takes no letters.
        """
        if letters is None:
            raise Refused("not_found")
        return letters.public()

    open_to_all = [Depends(declared_parameters_only)]
    contract = inbox_keys_contract()
    router.add_api_route("/inbox-keys", inbox_keys, methods=["GET"], dependencies=open_to_all, **contract)
    return router


class _Door:
    """What a door answers."""

    def __init__(self, sector: Sector, desk: Desk, journal: Journal, verifier: TokenVerifier) -> None:
        self._sector = sector
        self._desk = desk
        self._journal = journal
        self._verifier = verifier

    async def publisher(self, request: Request) -> None:
        """Let publishers of this agency in.

        Raises:
            Refused: if anybody else asks.
        """
        requester = await self._verifier.bearer(request.headers.get("authorization"))
        if requester.agency is not self._sector.agency:
            raise Refused("not_your_door")
        if requester.role != "publisher":
            raise Refused("not_a_publisher")
        request.state.unit = requester.unit

    async def publish(self, request: Request, *, dry_run: TrueOrFalse = False) -> JSONResponse:
        """Take one event (structured or binary) or several (batched); what was taken is never lost.

        With `dry_run=true` everything is checked and nothing is written.

        Raises:
            Refused: if the whole request is refused.
        """
        kind = media_type(request)
        if kind == BATCH:
            return await self._publish_batch(request, dry_run=dry_run)
        if kind not in STRUCTURED:
            raise Refused("unsupported_media_type", accepted=", ".join((*STRUCTURED, BATCH)))
        sent = [await _event_as_sent(request, kind)]
        (answer,) = await (self._desk.rehearse if dry_run else self._desk.take)(sent, request.state.unit)
        if isinstance(answer, Problem):
            return problem_response(answer, request)
        return JSONResponse(_receipt(answer), _status(answer), _after(answer))

    async def event_status(
        self, request: Request, source: UnitId, id_: Annotated[EventId, Query(alias="id")]
    ) -> JSONResponse:
        """Say what became of an event of one's own unit.

        Raises:
            Refused: if there is none, or the register does not answer.
        """
        try:
            delivery = await self._journal.delivery(source, id_) if source == request.state.unit else None
        except DatabaseUnreachableError:
            raise Refused("unavailable", seconds=RETRY_AFTER_S) from None
        if delivery is None:
            raise Refused("no_such_event")
        language = language_of(request.headers.get("accept-language"))
        return JSONResponse({"source": source, "id": id_, **_told(delivery, language)})

    async def receipt_keys(self) -> JSONResponse:
        """Return the public key that verifies this door's receipts, as a JWK set (RFC 7517, RFC 8037)."""
        return JSONResponse({"keys": [self._journal.secrets.public_jwk()]})

    async def event_types(self) -> JSONResponse:
        """List the event types that this agency may assert."""
        listed = [{"type": type_, "schema": f"/v1/schemas/{type_}"} for type_ in self._sector.types]
        return JSONResponse({"schemas": listed})

    async def event_schema(self, type_: str) -> JSONResponse:
        """Return the JSON Schema of an event type, the category of every field included.

        Raises:
            Refused: if this agency asserts no such type.
        """
        found = self._sector.types.get(type_)
        if found is None:
            raise Refused("no_such_type")
        return JSONResponse(schema_of(found), media_type="application/schema+json")

    async def _publish_batch(self, request: Request, *, dry_run: bool) -> JSONResponse:
        sent = events_as_sent(await whole_body(request, MAX_BATCH_BYTES))
        answers = await (self._desk.rehearse if dry_run else self._desk.take)(sent, request.state.unit)
        language = language_of(request.headers.get("accept-language"))
        return JSONResponse([_item(answer, language) for answer in answers])


async def _event_as_sent(request: Request, kind: str) -> bytes:
    """Return one event as it was sent: the body, or in binary mode the structured event that it means.

    Raises:
        Refused: if it is too large, or its headers are not as the binding says.
    """
    body = await whole_body(request, MAX_EVENT_BYTES)
    if kind != BINARY or not is_binary(request.headers.items()):
        return body
    return as_structured(request.headers.items(), request.headers["content-type"], body)


def _status(answer: Taken | bool) -> int:
    return 202 if isinstance(answer, Taken) and answer.first else 200


def _receipt(answer: Taken | bool) -> dict[str, Any]:
    """Return the receipt; of a rehearsal, which gives none, what it would have been."""
    if isinstance(answer, bool):
        return {"dry_run": True, "would_be": "accepted" if answer else "duplicate"}
    return answer.receipt.model_dump(mode="json")


def _after(answer: Taken | bool) -> dict[str, str]:
    """Return the header that a reader of the same unit hands in to see what it published."""
    return {"X-After": after_of(answer.receipt.source, answer.receipt.number)} if isinstance(answer, Taken) else {}


def _item(answer: Taken | bool | Problem, language: Language) -> dict[str, Any]:
    if isinstance(answer, Problem):
        return {"status": answer.status, "problem": answer.document(language)}
    return {"status": _status(answer), "receipt": _receipt(answer)}


def _told(delivery: Delivery, language: Language) -> dict[str, JsonValue]:
    reason = delivery.reason if delivery.status == "rejected" else None
    problem = Problem(reason if reason in known_codes() else "rejected") if reason else None
    if delivery.held:
        problem = Problem("recorded_not_shown")
    return {
        "status": delivery.status,
        "accepted_at": delivery.accepted_at.isoformat(),
        "recorded_at": delivery.recorded_at.isoformat() if delivery.recorded_at else None,
        "case": delivery.case,
        "shown": delivery.shown,
        "problem": problem.document(language) if problem else None,
    }

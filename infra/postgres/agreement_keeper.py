"""What the keeper of the agreement does: read its versions, ask for one to be adopted, hear what became of that."""

from typing import Any

import psycopg
from psycopg.rows import class_row

from infra.postgres.agreement_rows import AdoptedRow, AdoptionDecided
from infra.postgres.faults import reaching

_PATIENCE_S = 5


class AgreementKeeper:
    """Each call connects anew, as the role that may ask and may change nothing."""

    def __init__(self, keeper_dsn: str) -> None:
        self._dsn = keeper_dsn

    def versions(self) -> list[AdoptedRow]:
        """Return every version, the oldest first; none before the case record first ran.

        Raises:
            DatabaseUnreachableError: if the database does not answer within 5 s.
        """
        with reaching(), self._connected() as connection:
            return connection.cursor(row_factory=class_row(AdoptedRow)).execute(VERSIONS).fetchall()

    def ask(self, document: bytes, signatures: str) -> int:
        """Ask for a version to be adopted, and return the number of the request.

        Raises:
            DatabaseUnreachableError: if the database does not answer; whether it was asked for is not known, and asking
                again does no harm.
        """
        with reaching(), self._connected() as connection:
            [[number]] = connection.execute(
                "insert into agreement.requests (document, signatures) values (%s, %s) returning id",
                [document, signatures],
            ).fetchall()
        return int(number)

    def decided(self, request: int) -> AdoptionDecided | None:
        """Return what became of a request, None while nothing did.

        Raises:
            DatabaseUnreachableError: if the database does not answer within 5 s.
        """
        with reaching(), self._connected() as connection:
            cursor = connection.cursor(row_factory=class_row(AdoptionDecided))
            return cursor.execute(
                "select request, number, refusal from agreement.decisions where request = %s", [request]
            ).fetchone()

    def _connected(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self._dsn, connect_timeout=_PATIENCE_S)


VERSIONS = "select number, version, adopted_at, document, signatures from agreement.versions order by number"

"""Where a version of the agreement is found: in a file, or in the register under its name."""

from collections.abc import Callable
from pathlib import Path

from infra.postgres.agreement_keeper import AgreementKeeper
from infra.postgres.agreement_rows import AdoptedRow
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.roles import AGREEMENT_KEEPER
from projections.candidate import read_candidate
from projections.disclosure.document import BadAgreementError, Document, read_document
from services.cli.endpoints import dsn_as
from services.cli.output import typed
from services.cli.stops import Exit, Stop


def keeper(data_dir: Path) -> AgreementKeeper:
    """Return the register as the keeper of the agreement reaches it.

    Raises:
        Stop: if no platform is there.
    """
    return AgreementKeeper(dsn_as(data_dir, AGREEMENT_KEEPER))


def adopted(data_dir: Path) -> list[AdoptedRow]:
    """Return every version that was adopted, the oldest first.

    Raises:
        Stop: if the database does not answer, or the case record never ran.
    """
    try:
        found = keeper(data_dir).versions()
    except DatabaseUnreachableError:
        raise Stop(Exit.NOT_REACHABLE, away(data_dir)) from None
    if not found:
        raise Stop(Exit.NOT_REACHABLE, f"No version is in force yet: see {typed('status', data_dir)}.")
    return found


def document_of(named: str | None, data_dir: Path) -> bytes:
    """Return the document of a file or of an adopted version; of none: of the version in force.

    Raises:
        Stop: if there is neither such a file nor such a version.
    """
    if named is not None and Path(named).is_file():
        return Path(named).read_bytes()
    versions = adopted(data_dir)
    if named is None:
        return versions[-1].document
    found = [row.document for row in versions if row.version == named]
    if not found:
        known = ", ".join(row.version for row in versions)
        raise Stop(Exit.USED_WRONGLY, f"{named} is no file and no version; there are {known}.")
    return found[0]


def candidate(document: bytes, named: object) -> Document:
    """Return a document that was found whole, and may come into force.

    Raises:
        Stop: if it does not load; every fault is told with its cell.
    """
    return checked(document, named, read_candidate)


def checked(document: bytes, named: object, read: Callable[[str], Document] = read_document) -> Document:
    """Return a document that was found whole.

    Raises:
        Stop: if it does not load; every fault is told with its cell.
    """
    try:
        return read(document.decode())
    except UnicodeDecodeError:
        raise Stop(Exit.CHECK_FAILED, f"{named} is not UTF-8: save it as UTF-8.") from None
    except BadAgreementError as problem:
        faults = "\n  ".join(map(str, problem.faults))
        raise Stop(Exit.CHECK_FAILED, f"{named} does not load:\n  {faults}") from None


def away(data_dir: Path) -> str:
    """Return what to do when the database does not answer."""
    return f"The database does not answer: see {typed('status', data_dir)}."

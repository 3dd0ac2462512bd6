"""A version of the agreement that is yet to come into force: whole, as every one is, and with break-glass left on."""

from projections import glass
from projections.disclosure.checks import Flaw
from projections.disclosure.document import BadAgreementError, Document, read_document


def read_candidate(text: str) -> Document:
    """Read an agreement that is yet to come into force.

    Raises:
        BadAgreementError: as `read_document`, and if it would switch break-glass off, which nothing may.
    """
    document = read_document(text)
    faults = [
        Flaw(
            f"purposes.{audience}",
            f'"{glass.PURPOSE}" is not among them, and nothing may switch break-glass off',
            f'Write "{glass.PURPOSE}" among them',
        )
        for audience in sorted(glass.BREAKERS)
        if glass.PURPOSE not in document.agreement.purposes(audience)
    ]
    if faults:
        raise BadAgreementError(faults)
    return document

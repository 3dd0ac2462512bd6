"""The agreement that comes with the platform, read as the code lists are: data of the package, not of the world."""

from functools import cache
from importlib.resources import files

from projections.disclosure.agreement import Agreement
from projections.disclosure.document import parse


@cache
def packaged_agreement() -> Agreement:
    """Return the agreement of this release.

    Raises:
        BadAgreementError: if it is not whole.
    """
    return parse(files("projections.disclosure").joinpath("agreement.toml").read_text(encoding="utf-8"))

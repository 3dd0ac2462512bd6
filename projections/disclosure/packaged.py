"""The agreement that comes with the platform, read as the code lists are: data of the package, not of the world."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from events.labels import Category
from projections.disclosure.agreement import Agreement
from projections.disclosure.document import parse


@cache
def category_names() -> Mapping[Category, Mapping[str, str]]:
    """Return what each category is called, in Vietnamese and English."""
    told = tomllib.loads(packaged_text().decode())
    return {category: {language: told[category][language] for language in ("vi", "en")} for category in Category}


@cache
def packaged_agreement() -> Agreement:
    """Return the agreement of this release.

    Raises:
        BadAgreementError: if it is not whole.
    """
    return parse(packaged_text().decode())


def packaged_text() -> bytes:
    """Return the document of this release, to the letter."""
    return files("projections.disclosure").joinpath("agreement.toml").read_bytes()

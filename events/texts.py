"""Texts that are always sealed, and how long they may be; and what else the type of a text can say of it."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True, slots=True)
class Written:
    """Say of a string field that somebody wrote it; `lines`: in more than one line, in any language."""

    lines: bool = False


@dataclass(frozen=True, slots=True)
class NamesUnit:
    """Say of a string field that it holds the id of a unit."""


# What a person wrote down; never leaves the full form.
Narrative = Annotated[str, Field(min_length=1, max_length=4000), Written(lines=True)]
# A person's name, an address, a contact, a register number.
ShortText = Annotated[str, Field(min_length=1, max_length=200), Written()]
# Where something that is kept elsewhere can be found: hash and custody reference, never the thing itself.
CustodyReference = Annotated[str, Field(min_length=1, max_length=200), Written()]
# Fingerprint of a thing kept elsewhere: hex SHA-256.
ContentHash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
# Code of a commune in the national list of administrative units (five digits), e.g. 00340.
CommuneCode = Annotated[str, Field(pattern=r"^[0-9]{5}$")]
# What a version of the sharing agreement may be called.
VERSION_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$"
# A part of a category, as the schema of a field names it (`x-part`).
PartName = Annotated[str, Field(min_length=1, max_length=40)]
AgeInYears = Annotated[int, Field(ge=0, le=25)]
Hours = Annotated[int, Field(ge=0, le=8760)]
Count = Annotated[int, Field(ge=0, le=10_000)]
Money = Annotated[int, Field(ge=0, le=10**12)]  # VND

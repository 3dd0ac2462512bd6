"""What statements of the police, the prosecution and the court ask of the case record."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from events.envelope import UnitId
from services.case_record.domain.said import Stated


@dataclass(frozen=True, slots=True)
class TransferCrimeReport(Stated):
    """Pass the crime report to the investigating body."""

    to_unit: UnitId


@dataclass(frozen=True, slots=True)
class AcceptCrimeReport(Stated):
    """Take the crime report up."""


@dataclass(frozen=True, slots=True)
class ResolveCrimeReport(Stated):
    """Decide on the crime report (code list `case_status`)."""

    outcome: str


@dataclass(frozen=True, slots=True)
class HoldInterview(Stated):
    """Interview the child once."""


@dataclass(frozen=True, slots=True)
class RequestInterview(Stated):
    """Plan to interview the child."""

    planned_at: datetime


@dataclass(frozen=True, slots=True)
class AssignInvestigator(Stated):
    """Put an investigator in charge."""


@dataclass(frozen=True, slots=True)
class DecideProsecution(Stated):
    """Decide whether the case goes to court (code list `prosecution_outcome`)."""

    outcome: str


@dataclass(frozen=True, slots=True)
class HoldTrial(Stated):
    """Hear the case in court."""


CrimeReports: TypeAlias = TransferCrimeReport | AcceptCrimeReport | ResolveCrimeReport | AssignInvestigator
PoliceTrack: TypeAlias = CrimeReports | RequestInterview | HoldInterview | DecideProsecution | HoldTrial

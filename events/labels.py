"""The closed list of data categories, and the label that puts one on a field.

Source: section D of the domain research (twenty rows, numbered); `operational` is ours: ids, times and
status codes that reveal nothing about a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, Union

from pydantic import InstanceOf
from pydantic.json_schema import SkipJsonSchema

if TYPE_CHECKING:
    from pydantic import GetJsonSchemaHandler
    from pydantic_core import CoreSchema


class Category(StrEnum):
    """A row of section D, or one of the open two; the agreement says of each who sees it, and how much."""

    OPERATIONAL = "operational"
    PARTICIPATION = "participation"
    CHILD_IDENTITY = "child_identity"
    CONTACT_LOCATION = "contact_location"
    CAREGIVERS = "caregivers"
    SUSPECT_IDENTITY = "suspect_identity"
    REPORTER_IDENTITY = "reporter_identity"
    MEDICAL_FINDINGS = "medical_findings"
    FORENSIC_EVIDENCE = "forensic_evidence"
    HIV_STATUS = "hiv_status"
    MENTAL_HEALTH_NOTES = "mental_health_notes"
    INVESTIGATION = "investigation"
    INTERVIEW_SCHEDULE = "interview_schedule"
    SCHOOL_RECORDS = "school_records"
    HOME_VISIT_NOTES = "home_visit_notes"
    RISK_ASSESSMENT = "risk_assessment"
    CASE_PLAN = "case_plan"
    SERVICES_GIVEN = "services_given"
    SPECIAL_CIRCUMSTANCE = "special_circumstance"
    DEADLINES_TASKS = "deadlines_tasks"
    ACCESS_LOG = "access_log"
    STATISTICS = "statistics"


# Ours, not of section D, and never sealed: what reveals nothing about a person, and which units take part. That
# the police or a hospital take part tells something of the child, so it is told as narrowly as a task.
OPEN_CATEGORIES = frozenset({Category.OPERATIONAL, Category.PARTICIPATION})

# The number each category has in section D; the open ones have none.
ROW: Mapping[Category, int] = {
    **dict.fromkeys(OPEN_CATEGORIES, 0),
    **{category: number for number, category in enumerate((c for c in Category if c not in OPEN_CATEGORIES), start=1)},
}


class Form(StrEnum):
    """How much of a compartment lies in a box: everything, or only what is coded."""

    FULL = "full"
    SUMMARY = "summary"


class Person(StrEnum):
    """Whom a compartment speaks of; with source and reference it names the subject of the key."""

    CHILD = "child"
    CARER = "carer"
    SUSPECT = "suspect"
    REPORTER = "reporter"


class Summary(StrEnum):
    """How a field enters the summary of its compartment (`events.summaries`)."""

    AS_IS = "as_is"
    INITIALS = "initials"
    AGE = "age"


@dataclass(frozen=True, slots=True)
class Label:
    """Say of a field: its category, its part (the unit of erasure), its person, its summary.

    A field without `summary` never leaves the full form. `summary_name` is what the summary is called when it is shown,
    where it is not what the field is: of a birth date, an age.
    """

    category: Category
    part: str = "main"
    person: Person = Person.CHILD
    summary: Summary | None = None
    summary_name: str | None = None

    def of(
        self,
        part: str | None = None,
        *,
        person: Person | None = None,
        summary: Summary | None = None,
        summary_name: str | None = None,
    ) -> "Label":
        """Return this label with another part, person or summary."""
        return replace(
            self,
            part=part or self.part,
            person=person or self.person,
            summary=summary or self.summary,
            summary_name=summary_name or self.summary_name,
        )

    @property
    def coded(self) -> "Label":
        """This label on a field that enters the summary unchanged, because it is a code."""
        return replace(self, summary=Summary.AS_IS)

    def __get_pydantic_json_schema__(
        self, core_schema: "CoreSchema", handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        """Carry the label into the JSON Schema, so that a reader of the contract sees it."""
        schema: dict[str, Any] = handler(core_schema)
        schema["x-category"] = self.category.value
        if self.category is not Category.OPERATIONAL:
            schema["x-part"] = self.part
            schema["x-person"] = self.person.value
        if self.summary is not None:
            schema["x-summary"] = self.summary.value
        if self.summary_name is not None:
            schema["x-summary-name"] = self.summary_name
        return schema


OPERATIONAL = Label(Category.OPERATIONAL)
CHILD_IDENTITY = Label(Category.CHILD_IDENTITY)
CONTACT_LOCATION = Label(Category.CONTACT_LOCATION)
CAREGIVERS = Label(Category.CAREGIVERS, person=Person.CARER)
SUSPECT_IDENTITY = Label(Category.SUSPECT_IDENTITY, person=Person.SUSPECT)
REPORTER_IDENTITY = Label(Category.REPORTER_IDENTITY, person=Person.REPORTER)
MEDICAL_FINDINGS = Label(Category.MEDICAL_FINDINGS)
FORENSIC_EVIDENCE = Label(Category.FORENSIC_EVIDENCE)
HIV_STATUS = Label(Category.HIV_STATUS)
MENTAL_HEALTH_NOTES = Label(Category.MENTAL_HEALTH_NOTES)
INVESTIGATION = Label(Category.INVESTIGATION)
INTERVIEW_SCHEDULE = Label(Category.INTERVIEW_SCHEDULE)
SCHOOL_RECORDS = Label(Category.SCHOOL_RECORDS)
HOME_VISIT_NOTES = Label(Category.HOME_VISIT_NOTES)
RISK_ASSESSMENT = Label(Category.RISK_ASSESSMENT)
CASE_PLAN = Label(Category.CASE_PLAN)
SERVICES_GIVEN = Label(Category.SERVICES_GIVEN)
SPECIAL_CIRCUMSTANCE = Label(Category.SPECIAL_CIRCUMSTANCE)
DEADLINES_TASKS = Label(Category.DEADLINES_TASKS)
ACCESS_LOG = Label(Category.ACCESS_LOG)


class Withheld:
    """Stands where a sealed value was not opened; JSON cannot forge it, dumping it refuses."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show that something is withheld, never what."""
        return "WITHHELD"


WITHHELD = Withheld()

T = TypeVar("T")
# A sealed field: its type, or withheld. mypy refuses to use it without an isinstance check.
Sealed = Union[T, SkipJsonSchema[InstanceOf[Withheld]]]  # noqa: UP007

"""What consents let a reader be told: by audience, category, purpose and time, less what was taken back. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from events.labels import Category
from events.parties import Audience
from projections.case_file import CaseFile
from projections.sharing import Ending, Sharing, end


def consented(files: Iterable[CaseFile], audience: Audience, purpose: str | None, at: datetime) -> frozenset[Category]:
    """Return the categories of which an audience may be told by a consent in force at a moment.

    Shape: `purpose` None stands for any, as in `Reader`. A consent whose statement was corrected or taken back as
    wrong allows nothing.
    """
    return frozenset(
        category
        for file in files
        for sharing in standing(file)
        if sharing.audience is audience and (purpose is None or purpose in sharing.purposes)
        for category in sharing.categories
        if allowed(sharing, category, at)
    )


def allowed(sharing: Sharing, category: Category, at: datetime) -> bool:
    """Say whether a consent allows one of its categories at a moment; what was taken back it allows at none.

    No clock has a say in that: whoever took it back may have had another.
    """
    return sharing.since <= at < sharing.until and all(one.category is not category for one in sharing.ended)


def take_back(files: Iterable[CaseFile], endings: Sequence[Ending]) -> tuple[CaseFile, ...]:
    """Return files as they stand after something was taken back that they do not know of yet."""
    return tuple(_taken_back(file, endings) if file.sharing else file for file in files)


def _taken_back(file: CaseFile, endings: Sequence[Ending]) -> CaseFile:
    sharing = file.sharing
    for ending in endings:
        sharing = tuple(end(one, ending) for one in sharing)
    return file.model_copy(update={"sharing": sharing})


def standing(file: CaseFile) -> Iterable[Sharing]:
    """Return what consents allow whose statement was neither corrected nor taken back as wrong."""
    gone = {*file.voided, *(pair.statement for pair in file.corrected)}
    return (sharing for sharing in file.sharing if sharing.consent not in gone)

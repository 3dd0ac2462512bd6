"""Who takes part: agencies have doors, audiences have views, duties narrow what a person may open."""

from enum import StrEnum


class Agency(StrEnum):
    """A sector with a door of its own; it owns what it published and the keys that seal it."""

    POLICE = "police"
    HEALTH = "health"
    EDUCATION = "education"
    SOCIAL_WORK = "social_work"
    COORDINATION = "coordination"


class Audience(StrEnum):
    """A reader with a view, a schema, a database role and a name before the key service of its own."""

    POLICE = "police"
    HEALTH = "health"
    EDUCATION = "education"
    CASE_MANAGER = "case_manager"
    COMMITTEE = "committee"
    HOTLINE = "hotline"
    COORDINATOR = "coordinator"
    AUDITOR = "auditor"
    STATISTICS = "statistics"


class Duty(StrEnum):
    """What a person is on duty for, stated in the token; conditions of the agreement ask for it."""

    CHAIR = "chair"
    TREATING = "treating"
    OWN_PUPIL = "own_pupil"
    CASE_WORK = "case_work"
    OVERSIGHT = "oversight"


# Which door serves which readers. Coordinator and auditor read at services of their own.
DOOR_AUDIENCES: dict[Agency, tuple[Audience, ...]] = {
    Agency.POLICE: (Audience.POLICE,),
    Agency.HEALTH: (Audience.HEALTH,),
    Agency.EDUCATION: (Audience.EDUCATION,),
    Agency.SOCIAL_WORK: (Audience.CASE_MANAGER, Audience.COMMITTEE, Audience.HOTLINE),
    Agency.COORDINATION: (Audience.COORDINATOR,),
}

# Audiences that see every case of their province without being invited to it.
STANDING_AUDIENCES: tuple[Audience, ...] = (Audience.COORDINATOR, Audience.AUDITOR)

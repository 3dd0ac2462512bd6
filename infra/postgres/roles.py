"""The database roles, one per process or audience, and to which database each may connect."""

from events.parties import Agency, Audience

MAIN_DATABASE = "chungtay"
KEYS_DATABASE = "chungtay_keys"

OWNER = "chungtay_owner"
CASE_RECORD = "case_record"
RELAY = "relay"
PROJECTOR = "projector"
OPERATOR = "operator"
KEY_SERVICE = "key_service"
AGREEMENT_KEEPER = "agreement_keeper"  # may ask for a version of the agreement to be adopted, and nothing else
ACCESS_ASKER = "access_asker"  # asks up to when a subject's tokens were ended, and nothing else
ACCESS_ENDER = "access_ender"  # ends the tokens of a subject, and nothing else
RETRIER = "retrier"  # may ask for quarantined cases to be tried again, and nothing else
VERIFIER = "verifier"  # may read the recorded bytes with their links, and nothing else

AGENCIES: tuple[Agency, ...] = tuple(Agency)
# Statistics has no view of its own yet; its small cells need rules first.
AUDIENCES: tuple[Audience, ...] = tuple(audience for audience in Audience if audience is not Audience.STATISTICS)


def door_role(agency: Agency) -> str:
    """Return the role of an agency's door."""
    return f"door_{agency.value}"


def reader_role(audience: Audience) -> str:
    """Return the role that reads an audience's view."""
    return f"reader_{audience.value}"


DOORS: tuple[str, ...] = tuple(door_role(agency) for agency in AGENCIES)
READERS: tuple[str, ...] = tuple(reader_role(audience) for audience in AUDIENCES)

SERVICE_ROLES: tuple[str, ...] = (
    *DOORS,
    CASE_RECORD,
    RELAY,
    PROJECTOR,
    *READERS,
    OPERATOR,
    RETRIER,
    KEY_SERVICE,
    AGREEMENT_KEEPER,
    ACCESS_ASKER,
    ACCESS_ENDER,
    VERIFIER,
)
ROLES: tuple[str, ...] = (OWNER, *SERVICE_ROLES)

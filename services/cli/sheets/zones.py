"""Time zones by name, from the system or the packaged data."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.cli.sheets.texts import SheetStop


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone.

    Raises:
        SheetStop: if there is none of this name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise SheetStop("zone") from None

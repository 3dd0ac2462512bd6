"""Where a page begins, as an opaque text: it holds the reader's own names only."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from events.codec import read_strictly
from infra.postgres.view_reader import After
from infra.web.problems import Fault, Refused

_LONGEST = 512  # characters; ours are a moment and a reference
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def write_cursor(after: After) -> str:
    """Return the text of a cursor."""
    return encode_cursor(after.at.isoformat(), after.reference)


def read_cursor(text: str | None) -> After | None:
    """Return where a page begins; None for the first.

    Raises:
        Refused: if the text is none of ours.
    """
    if text is None:
        return None
    try:
        at, reference = decode_cursor(text)
        return After(cursor_moment(at), reference)
    except (ValueError, TypeError):
        raise Refused("bad_parameter", Fault("/query/after", "cursor")) from None


def encode_cursor(*parts: str) -> str:
    """Return some texts as one, safe in a URL."""
    return urlsafe_b64encode(json.dumps(parts).encode()).decode("ascii").rstrip("=")


def decode_cursor(text: str) -> list[str]:
    """Return the texts of `encode_cursor`.

    Raises:
        ValueError: if the text is none of ours.
    """
    if len(text) > _LONGEST:
        raise ValueError("not a cursor")
    parts = read_strictly(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    texts = [part for part in parts if isinstance(part, str) and "\x00" not in part] if isinstance(parts, list) else []
    if texts != parts:
        raise ValueError("not a cursor")
    return texts


def cursor_moment(text: str) -> datetime:
    """Return a moment that stood in a cursor.

    Raises:
        ValueError: if it is none, or none that anything of ours was recorded at.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("not a cursor")
    return moment

"""Where a page begins, as an opaque text: it holds the reader's own names only."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime

from infra.postgres.view_reader import After
from infra.web.problems import Fault, Refused


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
        return After(datetime.fromisoformat(at), reference)
    except (ValueError, TypeError):
        raise Refused("bad_parameter", Fault("/query/after", "invalid")) from None


def encode_cursor(*parts: str) -> str:
    """Return some texts as one, safe in a URL."""
    return urlsafe_b64encode(json.dumps(parts).encode()).decode("ascii").rstrip("=")


def decode_cursor(text: str) -> list[str]:
    """Return the texts of `encode_cursor`.

    Raises:
        ValueError: if the text is none of ours.
    """
    parts = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError("not a cursor")
    return parts

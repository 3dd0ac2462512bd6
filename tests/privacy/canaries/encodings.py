"""The eight ways in which a mark could leave, each as it would be written."""

import gzip
import json
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from urllib.parse import quote

Encode = Callable[[str], bytes]

ENCODINGS: Mapping[str, Encode] = {
    "raw": lambda text: text.encode(),
    "json": lambda text: json.dumps(text).encode(),
    "url": lambda text: quote(text).encode(),
    "base64": lambda text: b64encode(text.encode()),
    "hex": lambda text: text.encode().hex().encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "nfkd": lambda text: unicodedata.normalize("NFKD", text).encode(),
    "sha256": lambda text: sha256(text.encode()).hexdigest().encode(),
}

# Where only printable ASCII is taken: what is not is sent as base64, as an export would be.
ASCII = ("json", "url", "base64", "hex", "gzip", "sha256")
# Where only letters, digits, dot and hyphen are taken: a name of a topic or a group.
NAME = ("hex", "sha256")


def as_ascii(encoding: str, text: str) -> str:
    """Return the text so encoded as printable ASCII: gzip as base64 of gzip."""
    encoded = ENCODINGS[encoding](text)
    return (b64encode(encoded) if encoding == "gzip" else encoded).decode("ascii")


def as_text(encoding: str, text: str) -> str:
    """Return the text so encoded as text of a database or file."""
    return as_ascii(encoding, text) if encoding == "gzip" else ENCODINGS[encoding](text).decode()

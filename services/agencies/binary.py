"""Binary mode: the attributes come as `ce-` headers, the data as the body (CloudEvents 1.0, HTTP binding, 3.1).

What comes so is written as the one structured event it means, in canonical form: it is checked like any other, and
the receipt commits to that form, which the sender can make again from headers and body.
"""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes

from pydantic import JsonValue

from events.codec import NotStrictJsonError, canonical, read_strictly
from events.envelope import SubmittedEvent
from infra.web.problems import Fault, Refused

PREFIX = "ce-"
_BODYS_OWN = {"data", "data_base64", "datacontenttype"}  # said by the body and its Content-Type
_NAME = re.compile(r"[a-z0-9]{1,64}")
_CHARSET = re.compile(r';\s*charset="?utf-8"?\s*', re.IGNORECASE)
_NOT_ENCODED = re.compile(r"%(?![0-9A-Fa-f]{2})")

Headers = Iterable[tuple[str, str]]  # names in lower case, as ASGI has them


def is_binary(headers: Headers) -> bool:
    """Say whether an attribute is told by a header; to be asked only of a body that is no CloudEvent itself."""
    return any(name.startswith(PREFIX) for name, _ in headers)


def as_structured(headers: Headers, content_type: str, body: bytes) -> bytes:
    """Return the structured event, in canonical form.

    Shape: `content_type` is the whole header; the body is JSON as every door takes it.

    Raises:
        Refused: if a header is not encoded as the binding says, comes twice, or the body is not JSON.
    """
    _refuse_other_charset(content_type)
    attributes: dict[str, JsonValue] = {}
    for name, value in headers:
        if name.startswith(PREFIX):
            attribute = _name_of(name)
            if attribute in attributes:
                raise Refused("bad_event", Fault(_pointer(attribute), "header"))
            attributes[attribute] = _decoded(attribute, value)
    try:
        return canonical({**attributes, "datacontenttype": "application/json", "data": read_strictly(body)})
    except NotStrictJsonError as problem:
        raise Refused(problem.code) from None


def _refuse_other_charset(content_type: str) -> None:
    _, semicolon, parameters = content_type.partition(";")
    if semicolon and not _CHARSET.fullmatch(semicolon + parameters):
        raise Refused("unsupported_media_type", accepted="application/json; charset=utf-8")


def _name_of(header: str) -> str:
    name = header.removeprefix(PREFIX)
    if name in _BODYS_OWN or not _NAME.fullmatch(name):
        raise Refused("bad_event", Fault("", "header"))
    return name


def _decoded(attribute: str, value: str) -> str:
    """Undo quotes, then percent-encoding, once each; what is left must be UTF-8.

    Raises:
        Refused: if it is not.
    """
    text = value.strip(" \t")
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    if _NOT_ENCODED.search(text) or not text.isascii():
        raise Refused("bad_event", Fault(_pointer(attribute), "header"))
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("bad_event", Fault(_pointer(attribute), "header")) from None


def _pointer(attribute: str) -> str:
    """Name an attribute only when it is one of ours: another may be anything."""
    return f"/{attribute}" if attribute in SubmittedEvent.model_fields else ""

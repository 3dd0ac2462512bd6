"""What can go wrong, as types: a door's problem documents (RFC 9457), and what is noticed on this side.

No message holds anything that was sent: a door names the field and the mend, and so does this side.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Language = Literal["vi", "en"]

_TEXTS: Mapping[str, Mapping[Language, str]] = {
    "not_reachable": {
        "vi": "Cửa tiếp nhận không trả lời. Chưa mất gì: hãy gửi lại cùng sự kiện đó.",
        "en": "The door does not answer. Nothing is lost: send the same event again.",
    },
    "other_bytes": {
        "vi": "Biên nhận này không phải của những byte đó.",
        "en": "The receipt is not for these bytes.",
    },
    "no_salt": {
        "vi": "Biên nhận thiếu salt nên không chứng minh được nội dung.",
        "en": "The receipt has no salt, so it proves no content.",
    },
    "unknown_key": {
        "vi": "Không có khóa công khai mà biên nhận nêu.",
        "en": "The public key that the receipt names is not among those given.",
    },
    "bad_signature": {
        "vi": "Chữ ký của biên nhận không đúng.",
        "en": "The receipt's signature does not hold.",
    },
    "malformed": {
        "vi": "Đây không phải một biên nhận.",
        "en": "This is no receipt.",
    },
    "receipts_extra": {
        "vi": "Để kiểm tra chữ ký, hãy cài: pip install 'chungtay-client[receipts]'.",
        "en": "To check signatures install: pip install 'chungtay-client[receipts]'.",
    },
    "issuer_away": {
        "vi": "Nơi cấp mã truy cập không trả lời. Chưa mất gì: hãy thử lại.",
        "en": "The issuer of tokens does not answer. Nothing is lost: try again.",
    },
    "not_issued": {
        "vi": "Nơi cấp mã truy cập từ chối: hãy kiểm tra client_id, khóa đã đăng ký và đồng hồ của máy.",
        "en": "The issuer gives no token: check the client id, the key that is registered there, and this clock.",
    },
    "identity_extra": {
        "vi": "Để lấy mã truy cập bằng khóa, hãy cài: pip install 'chungtay-client[identity]'.",
        "en": "To get tokens by a key install: pip install 'chungtay-client[identity]'.",
    },
    "not_a_problem": {
        "vi": "Máy chủ trả lời một lỗi không phải của cửa tiếp nhận (có thể của máy trung gian).",
        "en": "The answer is an error that no door gives (a proxy's, perhaps).",
    },
}
_NOT_A_PROBLEM = "about:blank"
_TRANSIENT = frozenset({408, 425, 429})
_SERVER_ERRORS = 500


def text(code: str, language: Language) -> str:
    """Return what this side says of itself."""
    return _TEXTS[code][language]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in an event: where (JSON Pointer), which rule, and what would be right."""

    pointer: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document, in the language that the client asked for."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[Fault, ...] = ()
    document: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, document: Mapping[str, Any], status: int, language: Language) -> "Problem":
        """Read a problem document; whatever else came instead of one is told as an error that no door gives."""
        title = str(document.get("title") or text("not_a_problem", language))
        return cls(
            type=str(document.get("type", _NOT_A_PROBLEM)),
            title=title,
            status=status,
            detail=str(document.get("detail", "")),
            errors=tuple(
                Fault(str(one.get("pointer", "")), str(one.get("code", "")), str(one.get("detail", "")))
                for one in document.get("errors", ())
            ),
            document=document or {"type": _NOT_A_PROBLEM, "title": title, "status": status},
        )

    @property
    def code(self) -> str:
        """The last word of its type, as in `/problems/bad_event`."""
        return self.type.rsplit("/", 1)[-1]

    @property
    def is_of_a_door(self) -> bool:
        """Whether a door said it, not something on the way there."""
        return self.type != _NOT_A_PROBLEM

    @property
    def is_transient(self) -> bool:
        """Whether the same event may well be taken later."""
        return self.status in _TRANSIENT or self.status >= _SERVER_ERRORS

    def __str__(self) -> str:
        """Return it in one line."""
        faults = (f"{fault.pointer}: {fault.detail}" for fault in self.errors)
        return "; ".join(part for part in (f"{self.status} {self.title}", self.detail, *faults) if part)


class ClientError(Exception):
    """Anything that this package raises of its own."""


class DoorProblemError(ClientError):
    """The door refused; `problem` says why and what would be right."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class BadEventError(DoorProblemError):
    """The event or the request is wrong: mend it, then send it again under the same id."""


class NotAuthorisedError(DoorProblemError):
    """The token is missing, has expired, or is for somebody else."""


class NotFoundError(DoorProblemError):
    """Nothing was accepted under this source and id."""


class OtherContentError(DoorProblemError):
    """Another content was accepted under this source and id: a new event needs a new id."""


class UnavailableError(DoorProblemError):
    """The door can keep nothing just now; `retry_after_s` says when to ask again, where it said so."""

    def __init__(self, problem: Problem, retry_after_s: float | None) -> None:
        super().__init__(problem)
        self.retry_after_s = retry_after_s


class NotReachableError(ClientError):
    """No answer came. The event may have been taken all the same: sending it again gives the first receipt."""

    def __init__(self, language: Language) -> None:
        super().__init__(text("not_reachable", language))
        self.retry_after_s: float | None = None


class IssuerAwayError(NotReachableError):
    """The issuer of tokens did not answer; the event was not sent."""

    def __init__(self, language: Language, retry_after_s: float | None = None) -> None:
        ClientError.__init__(self, text("issuer_away", language))
        self.retry_after_s = retry_after_s


class NotIssuedError(ClientError):
    """The issuer gives no token: the key or the name is not registered there, or the clock is wrong."""

    def __init__(self, language: Language) -> None:
        super().__init__(text("not_issued", language))


class IdentityExtraMissingError(ClientError):
    """Tokens are asked for by a signature of `joserfc`, which is not installed."""

    def __init__(self, language: Language = "vi") -> None:
        super().__init__(text("identity_extra", language))


class ReceiptBrokenError(ClientError):
    """The receipt does not hold; `reason` is other_bytes, no_salt, unknown_key, bad_signature or malformed."""

    def __init__(self, reason: str, language: Language) -> None:
        super().__init__(text(reason, language))
        self.reason = reason


class ReceiptsExtraMissingError(ClientError):
    """Signatures are checked by `cryptography`, which is not installed."""

    def __init__(self, language: Language) -> None:
        super().__init__(text("receipts_extra", language))


_BY_STATUS: Mapping[int, type[DoorProblemError]] = {
    401: NotAuthorisedError,
    403: NotAuthorisedError,
    404: NotFoundError,
    409: OtherContentError,
}


def error_of(problem: Problem, retry_after_s: float | None = None) -> DoorProblemError:
    """Return the exception for a problem."""
    if problem.is_transient:
        return UnavailableError(problem, retry_after_s)
    return _BY_STATUS.get(problem.status, BadEventError)(problem)

"""Where the issuer says that it ended somebody's sessions: `POST /v1/logout` (OpenID Connect Back-Channel Logout 1.0).

200 means kept: from then on no access token of that subject, issued until the issuer said so, opens anything.
"""

from datetime import datetime
from typing import Any, Literal, Protocol
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from infra.web.contract import promise
from infra.web.incoming import media_type, whole_body
from infra.web.logout_tokens import LogoutVerifier
from infra.web.problems import Refused
from infra.web.tokens import TokenVerifier

_FORM = "application/x-www-form-urlencoded"
_MOST_BYTES = 16_384
_MOST_FIELDS = 20  # others may stand beside the one that is wanted
_AGAIN_S = 2
_TOLD = """\
Nơi cấp mã báo đã chấm dứt các phiên của một người; từ khi được trả 200, mã truy cập cấp trước đó không mở được gì.

The issuer says that it ended somebody's sessions; once this is answered 200, what was issued before opens nothing."""


class AccessEnder(Protocol):
    """Who ends the tokens of a subject."""

    async def end(self, subject: str, until: datetime, logout_id: str) -> None:
        """End every token of a subject that was issued up to a second; when this returns it is in force for good.

        Raises:
            ConnectionError: if it could not be kept; whether it was is not known.
        """
        ...


class LogoutTaken(BaseModel):
    """The tokens were ended."""

    model_config = ConfigDict(extra="forbid")

    ended: Literal[True] = True


def logout_router(tokens: TokenVerifier, ender: AccessEnder) -> APIRouter:
    """Return the route at which the issuer of these tokens ends them."""
    verifier = LogoutVerifier(tokens.keys, tokens.terms)
    router = APIRouter(prefix="/v1")

    async def logout(request: Request) -> LogoutTaken:
        said = await verifier.verify(await _token_in(request))
        try:
            await ender.end(said.subject, said.at, said.id)
        except ConnectionError:
            raise Refused("logout_not_kept", seconds=_AGAIN_S) from None
        return LogoutTaken()

    router.add_api_route("/logout", logout, methods=["POST"], **_contract())
    return router


async def _token_in(request: Request) -> str:
    """Return the logout token of a form.

    Raises:
        Refused: if there is none, or more than one.
    """
    if media_type(request) != _FORM:
        raise Refused("unsupported_media_type", accepted=_FORM)
    body = await whole_body(request, _MOST_BYTES)
    try:
        [token] = parse_qs(body.decode("ascii"), max_num_fields=_MOST_FIELDS)["logout_token"]
    except (ValueError, KeyError):
        raise Refused("bad_logout_token") from None
    return token


def _contract() -> dict[str, Any]:
    problems = ("bad_logout_token", "logout_of_nobody", "issuer_away", "logout_not_kept")
    of_a_body = ("unsupported_media_type", "unsupported_charset", "encoded_body", "too_large", "too_slow")
    made = promise("back_channel_logout", *problems, *of_a_body, answer=LogoutTaken, to_all=True)
    fields = {"logout_token": {"type": "string", "description": "OpenID Connect Back-Channel Logout 1.0, §2.4."}}
    form = {"schema": {"type": "object", "properties": fields, "required": ["logout_token"]}}
    made["openapi_extra"] |= {"requestBody": {"required": True, "content": {_FORM: form}}}
    return made | {"description": _TOLD}

"""One person at one door: publishes a unit's events, or reads an audience's view, over HTTP like anybody else."""

import json
import time
import weakref
from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import JsonValue

from infra.tls import believed_at
from services.cli.stops import Exit, Stop

_PATIENCE_S = 60.0  # a process that was killed is back long before
_PAUSE_S = 0.1
_REQUEST_S = 15.0
_AGAIN = frozenset({429, 500, 502, 503, 504})
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"


class Desk:
    """Speaks to one door with one token; asks again while the door is down, for at most a minute."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        purpose: str | None = None,
        language: str = "en",
        patience_s: float = _PATIENCE_S,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        if purpose is not None:
            headers["X-Purpose"] = purpose
        self._url = url
        self._patience_s = patience_s
        self._client = httpx.Client(
            base_url=url, headers=headers, timeout=_REQUEST_S, trust_env=False, verify=believed_at(url)
        )
        weakref.finalize(self, self._client.close)  # connections end with whoever used them

    def get(self, path: str, params: Mapping[str, str] | None = None) -> httpx.Response:
        """Ask for a page; an error that lasts is handed back for the caller to tell."""
        return self._ask("GET", path, params=params)

    def publish(self, event: Mapping[str, JsonValue], *, dry_run: bool = False) -> httpx.Response:
        """Send one event; sending it again changes nothing, so a lost answer is simply asked for again."""
        return self._send(event, STRUCTURED, dry_run=dry_run)

    def publish_batch(self, events: list[Mapping[str, JsonValue]], *, dry_run: bool = False) -> httpx.Response:
        """Send several events; each gets its own answer."""
        return self._send(events, BATCH, dry_run=dry_run)

    def _send(self, body: object, media_type: str, *, dry_run: bool) -> httpx.Response:
        return self._ask(
            "POST",
            "/v1/events",
            params={"dry_run": "true"} if dry_run else None,
            content=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": media_type},
        )

    def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        deadline = time.monotonic() + self._patience_s
        while True:
            try:
                answer = self._client.request(method, path, **request)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise Stop(Exit.NOT_REACHABLE, f"{self._url} does not answer: see `chungtay status`.") from None
            else:
                if answer.status_code not in _AGAIN or time.monotonic() > deadline:
                    return answer
            time.sleep(_PAUSE_S)


def told(answer: httpx.Response) -> Any:
    """Return the answer's JSON.

    Raises:
        Stop: if it is a problem; its title and detail are told, which never hold a value.
    """
    body = answer.json() if "json" in answer.headers.get("content-type", "") else {}
    if answer.is_success:
        return body
    raise Stop(Exit.CHECK_FAILED, _problem_line(answer.status_code, body))


def _problem_line(status: int, problem: Mapping[str, Any]) -> str:
    errors = [f"{error.get('pointer', '')}: {error.get('detail', '')}" for error in problem.get("errors", [])]
    what = " – ".join(str(problem[name]) for name in ("title", "detail") if problem.get(name))
    return "\n  ".join([f"The door answered {status}: {what}", *errors])

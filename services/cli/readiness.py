"""Whether a process says of itself that it is ready."""

import httpx

from infra.tls import believed_at

_PATIENCE_S = 2.0


def has_come_up(url: str) -> bool:
    """Tell whether a process says within 2 s that it has all it needs; how far it is behind is another matter."""
    try:
        checks = _get(url).json()["checks"]
    except (httpx.HTTPError, ValueError, KeyError):
        return False
    return all(state == "ok" for state in checks.values())


def answers(url: str) -> bool:
    """Tell whether a URL answers 200 within 2 s."""
    try:
        return _get(url).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _get(url: str) -> httpx.Response:
    return httpx.get(url, timeout=_PATIENCE_S, trust_env=False, verify=believed_at(url))

"""Whether a process says of itself that it is ready."""

import httpx

_PATIENCE_S = 2.0


def answers(url: str) -> bool:
    """Tell whether a URL answers 200 within 2 s."""
    try:
        return httpx.get(url, timeout=_PATIENCE_S, trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False

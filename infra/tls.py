"""Whom an HTTP client believes: over https the authorities that certifi lists, over http nobody, for none is asked.

To read the authorities takes a client 45 ms each time; whoever asks every tenth of a second whether a process is ready
would keep a processor busy with it.
"""

import ssl
from functools import cache

import httpx


def believed_at(url: str) -> ssl.SSLContext:
    """Return what an HTTP client that speaks to this address alone is to be made with, as its `verify`.

    Promise: certificates are always checked; made for an http address, it believes none, and no https address opens.
    """
    return _known() if url.startswith("https:") else _nobody()


@cache
def _known() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@cache
def _nobody() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

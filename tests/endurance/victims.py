"""Kill a process of a platform, and tell when it works again."""

import asyncio
import os
import signal
import socket
from pathlib import Path
from typing import Any

import httpx
import psycopg

from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.health import lag
from tests.walk.platforms import Platform

VICTIMS = (
    "keys",
    "agencies.police",
    "agencies.health",
    "agencies.education",
    "agencies.social_work",
    "case_record",
    "relay",
    "projector",
    "coordination",
    "audit",
    "broker",
    "database",
)
_WITHIN_S = 120.0
_LOOK_EVERY_S = 0.02
# What a service without a door says in its log once it works.
_WORKING = (b'"event": "following"', b'"event": "consuming"')


class NotBackError(Exception):
    """A process that was killed does not work again."""


def under_way(platform: Platform) -> int:
    """Return how many events are accepted or recorded and not yet everywhere; 0 while the database is away."""
    try:
        behind = lag(platform.endpoints()["postgres"]).behind()
    except DatabaseUnreachableError:
        return 0
    return behind["doors"] + behind["relay"] + behind["views"]


async def kill(platform: Platform, name: str, how: signal.Signals = signal.SIGKILL) -> float:
    """Kill a process, by SIGKILL unless told otherwise; return after how many seconds another works in its place.

    One that another's death took with it is given time to come back first.

    Raises:
        NotBackError: if it does not live, or none works in its place, within two minutes.
    """
    loop = asyncio.get_running_loop()
    before = await _alive(platform, name)
    log = platform.data_dir / "logs" / f"{name}.log"
    said = log.stat().st_size if log.exists() else 0
    os.kill(before["pid"], how)
    killed_at = loop.time()
    while loop.time() < killed_at + _WITHIN_S:
        now = platform.processes().get(name)
        if now and now["pid"] not in {None, before["pid"]} and await _works(platform, now, log, said):
            return loop.time() - killed_at
        await asyncio.sleep(_LOOK_EVERY_S)
    raise NotBackError(f"{name} does not work again {_WITHIN_S:.0f} s after it was killed")


async def _alive(platform: Platform, name: str) -> dict[str, Any]:
    loop = asyncio.get_running_loop()
    until = loop.time() + _WITHIN_S
    while loop.time() < until:
        found = platform.processes().get(name)
        if found and found["pid"] is not None:
            return found
        await asyncio.sleep(_LOOK_EVERY_S)
    raise NotBackError(f"{name} does not live after {_WITHIN_S:.0f} s")


async def _works(platform: Platform, process: dict[str, Any], log: Path, said: int) -> bool:
    match process["name"]:
        case "database":
            return await asyncio.to_thread(_database_answers, platform)
        case "broker":
            return await asyncio.to_thread(_broker_answers, platform.endpoints()["kafka"])
        case _ if process["ready"]:
            return await _ready(process["ready"])
        case _:
            return _said_since(log, said)


def _database_answers(platform: Platform) -> bool:
    try:
        platform.connect().close()
    except psycopg.OperationalError:
        return False
    return True


def _broker_answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), 1).close()
    except OSError:
        return False
    return True


async def _ready(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
            return (await client.get(url)).is_success
    except httpx.TransportError:
        return False


def _said_since(log: Path, said: int) -> bool:
    with log.open("rb") as file:
        file.seek(said)
        text = file.read()
    return any(word in text for word in _WORKING)

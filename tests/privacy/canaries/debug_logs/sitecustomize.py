"""Lets every process of a platform under search log everything at DEBUG, in full, beside what it logs anyway.

Python imports a module of this name at its start from the first folder of its path that has one; the canary walk puts
this folder first. The product has no such setting: this is what a careless person could add.
"""

import logging
import os
from pathlib import Path
from typing import Any

_FOLDER = Path(os.environ["CANARY_DEBUG_LOGS"])  # noqa: TID251 - before any settings are read
_configure = logging.basicConfig


def _and_debug(**asked: Any) -> None:
    _configure(**asked)
    _FOLDER.mkdir(parents=True, exist_ok=True)
    root = logging.getLogger()
    root.addHandler(logging.FileHandler(_FOLDER / f"{os.getpid()}.log"))
    root.setLevel(logging.DEBUG)


logging.basicConfig = _and_debug

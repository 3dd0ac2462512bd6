"""Builds with walls taken away: the tree's own sources in another folder, changed by a patch and attacked there."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.privacy.walls.cells import Tried

ROOT = Path(__file__).parents[3]
PATCHES = {"keys": "everything_visible.patch", "database": "keys_given_away.patch"}  # the wall that is left
_SOURCES = ("events", "infra", "projections", "services", "tests")
_WITHIN_S = 300


@contextmanager
def build(folder: Path, patch: str) -> Iterator[Path]:
    """Copy the sources to a folder and take walls away from the copy.

    Raises:
        subprocess.CalledProcessError: if the patch no longer fits the sources.
    """
    for name in _SOURCES:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    file = Path(__file__).with_name(patch)
    outside = {"GIT_CEILING_DIRECTORIES": str(folder.parent), "PATH": os.defpath}
    subprocess.run(["git", "apply", str(file)], cwd=folder, env=outside, check=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def attack(wall: str, folder: Path) -> list[Tried]:
    """Attack the wall that is left in the build where all others are away."""
    with build(folder, PATCHES[wall]) as tree:
        command = [sys.executable, "-m", "tests.privacy.walls.attack", wall]
        said = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, timeout=_WITHIN_S, check=True)
    return [Tried(**row) for row in json.loads(said.stdout)]

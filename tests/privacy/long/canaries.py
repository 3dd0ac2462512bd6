"""`python -m tests.privacy.long.canaries`: the canary walk with 10,000 marks, after both scenarios.

One of two children is erased meanwhile: nobody is entitled to its marks any more. It ends with 1 when one mark was
found where nobody is entitled to it, one was not found where somebody is, a surface was not searched, one of a hundred
planted leaks was not caught, or a chain does not verify.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.privacy.canaries.crashes import ALL
from tests.privacy.canaries.search import Outcome, end_and_search, wanted
from tests.privacy.canaries.surfaces import TOLD
from tests.privacy.canaries.walk import walked

MARKS = 10_000


def main(arguments: Sequence[str]) -> int:
    """Walk, print what was found and one line of figures; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.privacy.long.canaries", description=__doc__)
    parser.add_argument("--marks", type=int, default=MARKS, help="how many at least, beside those of the scenarios")
    parser.add_argument("--without-scenarios", action="store_true", help="play neither scenario before")
    parser.add_argument("--sizes", action="store_true", help="say of each surface how much of it was searched")
    asked = parser.parse_args(arguments)
    scenarios = () if asked.without_scenarios else ("1", "2")
    with tempfile.TemporaryDirectory() as folder, walked(Path(folder), asked.marks, scenarios, ALL) as scene:
        mutants, outcome = end_and_search(scene)
        marks = [mark for story in scene.stories for mark in story.marks.planted.values()]
        planted = len(marks) + len(scene.story.played.planted)
        not_shown, lost, erased = outcome.not_shown(marks), outcome.lost(scene.story), len(scene.gone.erased)
        shut = [told for story in scene.stories for told in outcome.not_shown_under_glass(story)]
    missed = [f"not caught: {one.surface}, {one.encoding}" for one in outcome.missed(mutants)]
    unread = [f"not searched: {name}" for name in TOLD if not outcome.bytes_searched[name]]
    sizes = _sizes(outcome) if asked.sizes else []
    sys.stdout.writelines(f"{line}\n" for line in (*sizes, *outcome.leaks, *not_shown, *shut, *lost, *missed, *unread))
    places = len(wanted(marks))
    sys.stdout.write(
        f"canaries: {planted} marks, {len(outcome.leaks)} leaked, {places - len(not_shown)} of {places} found where "
        f"somebody is entitled, {len(outcome.caught)} of {len(mutants)} planted leaks caught, "
        f"{len(TOLD) - len(unread)} of {len(TOLD)} surfaces searched; {erased} marks erased of one child, "
        f"{len(lost)} lost of the other, chains {'verify' if outcome.holds else 'do not verify'}\n"
    )
    return 1 if outcome.leaks or not_shown or shut or lost or missed or unread or not outcome.holds else 0


def _sizes(outcome: Outcome) -> list[str]:
    return [f"{name:24} {size:>12} bytes" for name, size in outcome.bytes_searched.items()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

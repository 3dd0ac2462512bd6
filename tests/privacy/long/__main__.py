"""`python -m tests.privacy.long`: attack every wall at length, one attack after another, and say which bars held.

Each attack prints its figures as it ends; one that fails keeps none of the others from being made. It ends with 1 when
a bar did not hold. Bars: reliability, section 3.2. The guesses from timings need a machine on which nothing else runs.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Attack:
    """One attack: which bar it tries, and how it is made by itself."""

    bar: str
    module: str
    arguments: tuple[str, ...] = ()

    @property
    def command(self) -> list[str]:
        return ["-m", f"{__package__}.{self.module}", *self.arguments]


ATTACKS = (
    Attack("P2 time tells no world", "worlds", ("--timings",)),
    Attack("P3 every question of the policies", "policy"),
    Attack("each cell of the agreement", "cells"),
    Attack("P8 withdrawal acts at once", "withdrawal"),
    Attack("P7 marks follow no child", "matching"),
    Attack("P5 break-glass", "break_glass"),
    Attack("P4 each wall alone", "walls"),
    Attack("P2 two worlds answer alike", "worlds"),
    Attack("P1 canaries", "canaries"),
)


def main(attacks: Sequence[Attack] = ATTACKS) -> int:
    """Make every attack, print which bars held, and return 1 if one did not."""
    table = Table("bar", "command", "minutes", "")
    broken = 0
    for number, attack in enumerate(attacks, start=1):
        sys.stdout.write(f"\n{number} of {len(attacks)}: {attack.bar}\n")
        sys.stdout.flush()
        begun = time.monotonic()
        held = subprocess.run([sys.executable, *attack.command], check=False).returncode == 0
        broken += not held
        minutes = (time.monotonic() - begun) / 60
        table.add_row(attack.bar, " ".join(["python", *attack.command]), f"{minutes:.1f}", "held" if held else "BROKEN")
    Console(width=120).print("", table)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

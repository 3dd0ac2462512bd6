"""Follow the integrators' guide to the letter, from an empty folder, and print each command and its output.

Shape of a guide: a block in `sh` is run, all of them in one shell; a block after the words "Save as `NAME`:" (on the
Vietnamese page, "Lưu thành `NAME`:") is written to that file; a block in `output` must be what the commands before it
printed, `…` standing for anything.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.house.sources import CHECKOUT

GUIDE = CHECKOUT / "docs" / "integrators.md"
_BLOCK = re.compile(
    r"(?:(?:Save as|Lưu thành) `(?P<name>[\w.-]+)`:\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)
_END = "the block has ended"


class NotAsWrittenError(AssertionError):
    """A command of the guide failed, or printed something else than the guide says."""


@dataclass(frozen=True)
class Block:
    """One block of a guide; a name: it is a file."""

    kind: str
    text: str
    name: str | None


@dataclass(frozen=True)
class Ran:
    """One step that was followed, and what it printed."""

    block: Block
    printed: str = ""


def blocks(guide: Path) -> list[Block]:
    """Return the blocks of a guide, in order."""
    found = _BLOCK.finditer(guide.read_text(encoding="utf-8"))
    return [Block(one["kind"], one["text"], one["name"]) for one in found]


def follow(guide: Path, folder: Path) -> Iterator[Ran]:
    """Follow a guide in a folder; ends with the first thing that is not as written, and with the platform stopped."""
    line = ["env", f"CHUNGTAY={CHECKOUT}", "UV_SYSTEM_CERTS=true", "bash", "-euo", "pipefail"]
    with subprocess.Popen(
        line, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as shell:
        try:
            printed = ""
            for block in blocks(guide):
                if block.name is not None:
                    (folder / block.name).write_text(block.text, encoding="utf-8")
                elif block.kind == "sh":
                    printed = _run(shell, block.text)
                elif block.kind == "output":
                    _compare(block.text, printed)
                    continue
                yield Ran(block, printed if block.kind == "sh" else "")
        finally:
            with suppress(BrokenPipeError):
                shell.communicate()
            stop = [str(CHECKOUT / ".venv/bin/chungtay"), "down", "--data-dir", str(folder / ".chungtay")]
            subprocess.run(stop, capture_output=True, check=False)


def markdown(ran: Ran) -> str:
    """Return a step as it is shown in a note."""
    if ran.block.name is not None:
        return f"`{ran.block.name}`:\n\n```{ran.block.kind}\n{ran.block.text}```\n"
    shown = f"\n```\n{ran.printed}```\n" if ran.printed else ""
    return f"```sh\n{ran.block.text}```\n{shown}"


def main() -> int:
    """Follow the guide in a folder of its own; return 0 when everything was as written."""
    parser = argparse.ArgumentParser(prog="python -m tests.endurance.guide", description=__doc__)
    parser.add_argument("guide", nargs="?", type=Path, default=GUIDE)
    asked = parser.parse_args()
    count = 0
    with tempfile.TemporaryDirectory(prefix="ct-") as folder:
        try:
            for ran in follow(asked.guide, Path(folder)):
                sys.stdout.write(markdown(ran) + "\n")
                sys.stdout.flush()
                count += 1
        except NotAsWrittenError as different:
            sys.stdout.write(f"**Not as written** after {count} steps: {different}\n")
            return 1
    sys.stdout.write(f"{count} steps, all as written.\n")
    return 0


def _run(shell: "subprocess.Popen[str]", commands: str) -> str:
    """Run commands in the shell and return what they printed."""
    assert shell.stdin is not None
    assert shell.stdout is not None
    shell.stdin.write(f"{commands}\nprintf '\\n%s\\n' '{_END}'\n")
    shell.stdin.flush()
    printed: list[str] = []
    for line in shell.stdout:
        if line == f"{_END}\n":
            return "".join(printed).removesuffix("\n").rstrip() + "\n" if "".join(printed).strip() else ""
        printed.append(line)
    raise NotAsWrittenError(f"the commands ended the shell:\n{commands}\n{''.join(printed)}")


def _compare(written: str, printed: str) -> None:
    pattern = ".*".join(re.escape(part) for part in written.strip().split("…"))
    if re.fullmatch(pattern, printed.strip(), re.DOTALL) is None:
        raise NotAsWrittenError(f"the guide says\n{written}\nand the commands printed\n{printed}")


if __name__ == "__main__":
    sys.exit(main())

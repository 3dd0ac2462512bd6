"""The options that commands have in common."""

from pathlib import Path
from typing import Annotated

import typer

DataDirOption = Annotated[Path, typer.Option("--data-dir", help="Where everything of this platform lies.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]

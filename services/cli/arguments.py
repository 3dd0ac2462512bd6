"""The options that commands have in common."""

from pathlib import Path
from typing import Annotated, Literal

import typer

DataDirOption = Annotated[Path, typer.Option("--data-dir", help="Where everything of this platform lies.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
BrokerOption = Annotated[str, typer.Option(help="embedded, kafka (Apache Kafka, started here), or HOST:PORT.")]
LanguageOption = Annotated[Literal["vi", "en"], typer.Option("--lang", help="The language of the sheet.")]

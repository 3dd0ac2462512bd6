"""Which files the house is made of."""

from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PACKAGES = ("events", "projections", "infra", "services")


def python_files(*folders: str) -> list[Path]:
    """Return the Python files of the named folders; by default of the house, the agencies' client and the tests."""
    named = folders or (*PACKAGES, "client", "tests")
    return [file for folder in named for file in sorted((CHECKOUT / folder).rglob("*.py"))]


def relative(file: Path) -> str:
    return file.relative_to(CHECKOUT).as_posix()

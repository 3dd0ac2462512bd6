"""The top level is the picture of the house, and names say what lies where."""

import subprocess

from tests.house.sources import CHECKOUT, PACKAGES, python_files, relative

TOP_FOLDERS = {*PACKAGES, "client", "tests", "docs", "bench", ".ci"}
TOP_FILES = {"README.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "pyproject.toml", "uv.lock", ".gitignore"}
SAYS_NOTHING = {"utils", "util", "helpers", "common", "base", "manager", "managers", "misc"}


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name]


def test_nothing_else_lies_at_the_top() -> None:
    folders = {name.split("/", 1)[0] for name in tracked() if "/" in name}
    files = {name for name in tracked() if "/" not in name}
    assert folders <= TOP_FOLDERS
    assert files <= TOP_FILES


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [relative(file) for file in python_files() if {file.stem, file.parent.name} & SAYS_NOTHING]
    assert named == []


def test_every_service_is_run_by_its_name() -> None:
    services = {file.parent for file in (CHECKOUT / "services").glob("*/app.py")}
    assert services
    assert [relative(service) for service in sorted(services) if not (service / "__main__.py").exists()] == []


def test_packages_re_export_nothing() -> None:
    """An `__init__.py` holds a docstring, so that an import says where a thing stands."""
    more = [
        relative(file)
        for file in python_files(*PACKAGES)
        if file.name == "__init__.py"
        and any(line.startswith(("import ", "from ")) for line in file.read_text(encoding="utf-8").splitlines())
    ]
    assert more == []


def test_tests_are_no_package() -> None:
    assert list((CHECKOUT / "tests").rglob("__init__.py")) == []

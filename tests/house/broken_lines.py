"""Breaks a copy of the house, one line at a time, and tells which import contracts noticed.

Run in the copy's folder: reads `[[file, line], ...]` as JSON from standard input and writes, for each, the names of
the contracts that no longer hold. The first entry of the answer is the house unbroken.
"""

import json
import sys
from pathlib import Path

from importlinter.application import use_cases
from importlinter.configuration import configure


def broken() -> list[str]:
    """Return the names of the contracts that do not hold in the folder we stand in."""
    options = use_cases.read_user_options("pyproject.toml")
    use_cases._register_contract_types(options)
    report = use_cases.create_report(options, cache_dir=".import_linter_cache")
    return [contract.name for contract, check in report.get_contracts_and_checks() if not check.kept]


def broken_by(file: Path, line: str) -> list[str]:
    """Return the contracts broken by one more line in a file, which is then as before."""
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        return broken()
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before, encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    configure()
    lines = json.load(sys.stdin)
    answer = [broken(), *(broken_by(Path(file), line) for file, line in lines)]
    sys.stdout.write("\n" + json.dumps(answer))

"""How a command ends when it cannot go on: one line that says what to do, and an exit code."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    CHECK_FAILED = 1
    USED_WRONGLY = 2
    NOT_REACHABLE = 3


class Stop(Exception):  # noqa: N818
    """The command ends here; the text is one line and says what to do."""

    def __init__(self, code: Exit, what: str) -> None:
        super().__init__(what)
        self.code = code

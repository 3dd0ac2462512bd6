"""An SQLite outbox holds unsealed events: its file is for the agency's own account alone."""

import os
import stat
from pathlib import Path

_OWNER_ONLY = 0o600
_BESIDE = ("-journal", "-wal", "-shm")  # what SQLite keeps beside the file, with the same content


def keep_private(file: Path) -> None:
    """Close a file that every account of the machine can get at (mode 0600), and what SQLite keeps beside it.

    One closed to all but its group stays as its owner made it; the file of another account is not ours to change.
    """
    if os.name != "posix":
        return
    for one in (file, *(file.with_name(file.name + ending) for ending in _BESIDE)):
        try:
            found = one.stat()
        except OSError:  # not there, or not to be looked at: then not ours to close either
            continue
        if found.st_uid == os.getuid() and found.st_mode & stat.S_IRWXO:
            one.chmod(_OWNER_ONLY)

"""Under whose name the embedded database runs: our own, or a system user's when we are root."""

import contextlib
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from infra.embedded.faults import CannotStartError

_SYSTEM_USER = "embedded_postgres"  # PostgreSQL refuses to run as root


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine; `is_other` when it is not the one we run as."""

    name: str
    uid: int
    gid: int
    is_other: bool

    def give(self, path: Path, mode: int) -> None:
        """Hand a file or folder to this user with a mode."""
        path.chmod(mode)
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def let_through(self, path: Path) -> None:
        """Let this user pass through the folders above a path, without letting it list them."""
        if not self.is_other:
            return
        for folder in path.absolute().parents:
            mode = stat.S_IMODE(folder.stat().st_mode)
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)


def account() -> Account:
    """Return the user to run the database as; as root, make the system user first.

    Raises:
        CannotStartError: if we have no name on this machine, or the system user cannot be made.
    """
    if os.geteuid() != 0:
        try:
            own = pwd.getpwuid(os.geteuid())
        except KeyError:
            raise CannotStartError(
                f"User id {os.geteuid()} has no entry in /etc/passwd, which PostgreSQL needs; run as a named user."
            ) from None
        return Account(own.pw_name, own.pw_uid, own.pw_gid, is_other=False)
    found = _system_user() or _make_system_user()
    return Account(found.pw_name, found.pw_uid, found.pw_gid, is_other=True)


def _system_user() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        return None


def _make_system_user() -> pwd.struct_passwd:
    """Make the system user; another process may be making it at the same moment.

    Raises:
        CannotStartError: if there is no such user afterwards, for whatever reason.
    """
    useradd = ["/usr/sbin/useradd", "--system", "--user-group", "--shell", "/usr/sbin/nologin", _SYSTEM_USER]
    with contextlib.suppress(FileNotFoundError):
        subprocess.run(useradd, check=False, capture_output=True)  # noqa: S603 constant arguments
    found = _system_user()
    if found is None:
        raise CannotStartError(f"Cannot make the system user {_SYSTEM_USER}; run as an ordinary user instead of root.")
    return found

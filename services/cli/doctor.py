"""`chungtay doctor`: look at the machine and at a data dir, and say of each thing what is so and what to do."""

import json
import re
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationError

from infra.clock import SystemClock
from infra.embedded.databases import Databases
from infra.embedded.faults import CannotStartError
from infra.embedded.given_postgres import checked_url
from infra.embedded.ports import is_free
from infra.postgres.faults import DatabaseUnreachableError
from infra.postgres.migrate import drift, server_clock
from infra.postgres.roles import OWNER
from services.cli.data_dir import DataDir
from services.cli.endpoints import Endpoints
from services.cli.key_token import token_of, what_is_wrong
from services.cli.options import EMBEDDED, KAFKA, Options, file_of
from services.cli.output import say, say_json
from services.cli.state import read_state
from services.cli.stops import Exit, Stop

_NEEDED_BYTES = 300 * 1024 * 1024
_OLDEST_POSTGRES = 15
_JAVA = 17
_WITHIN_S = 3.0
_CLOCKS_APART = timedelta(seconds=5)
_PYTHONS = ((3, 11), (3, 14))
_SIGNS = {True: "[green]✔[/]", False: "[red]✘[/]", None: "–"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `well` is None where there was nothing to look at."""

    what: str
    well: bool | None
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be looked at besides the machine."""

    place: DataDir
    broker: str | None
    database_url: str | None


def doctor(asked: Asked, *, as_json: bool) -> None:
    """Show what was found.

    Raises:
        Stop: if anything is not well.
    """
    found = list(examine(asked))
    bad = [one for one in found if one.well is False]
    if as_json:
        say_json({"well": not bad, "findings": [asdict(one) for one in found]})
    else:
        for one in found:
            say(f"{_SIGNS[one.well]} {one.what}\n    {one.vi}\n    {one.en}")
    if bad:
        raise Stop(Exit.CHECK_FAILED, f"{len(bad)} of {len(found)} are not well: {', '.join(b.what for b in bad)}.")


def examine(asked: Asked) -> Iterator[Finding]:
    """Yield everything that was looked at; nothing is changed."""
    place, options = asked.place, _options(asked.place)
    broker = asked.broker or (options.broker if options else EMBEDDED)
    given = options.database_url.get_secret_value() if options and options.database_url else None
    yield _python()
    yield _disk(place)
    yield _rights(place)
    yield _keys(place)
    yield _token(place)
    yield _ports(place)
    yield _java(needed=broker == KAFKA)
    yield _broker(broker, place)
    yield from _database(place, asked.database_url or given)


def _python() -> Finding:
    well = _PYTHONS[0] <= sys.version_info[:2] < _PYTHONS[1]
    has = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", well, f"Python {has}; cần 3.11–3.13.", f"Python {has}; 3.11–3.13 is needed.")


def _disk(place: DataDir) -> Finding:
    room = shutil.disk_usage(_existing(place.root)).free
    free = f"{room // 1024**2} MB"
    vi, en = f"Còn trống {free}; cần ít nhất 300 MB.", f"{free} free; at least 300 MB are needed."
    return Finding("disk", room >= _NEEDED_BYTES, vi, en)


def _rights(place: DataDir) -> Finding:
    if not place.root.exists():
        return Finding("data_dir", None, "Chưa có thư mục dữ liệu.", "There is no data dir yet.")
    open_to_others = [
        path.name or str(path) for path in (place.secrets, place.run) if path.exists() and _mode(path) & 0o077
    ]
    if open_to_others:
        mend = f"chmod 700 {' '.join(open_to_others)}"
        return Finding("data_dir", False, f"Chạy: {mend}", f"Run: {mend}")
    return Finding("data_dir", True, *_reach(_mode(place.root)))


def _reach(mode: int) -> tuple[str, str]:
    """Return how far others than its owner get in the data dir, whose keys and settings are closed to them."""
    if mode & 0o066:
        vi = "Người khác thấy được tên tệp trong đó, nhưng không đọc được khóa và cấu hình; chmod go-rw để đóng lại."
        return vi, "Others may see which files it has, but read no key and no settings; chmod go-rw closes it."
    if mode & 0o011:
        vi = "Người khác chỉ đi qua được, không đọc được gì trong đó (cơ sở dữ liệu nhúng cần vậy khi chạy bằng root)."
        return vi, "Others may pass through it, and read nothing there (the embedded database needs that under root)."
    return "Chỉ chủ sở hữu vào và đọc được.", "Only its owner enters and reads it."


def _keys(place: DataDir) -> Finding:
    if not place.secrets.exists():
        return Finding("keys", None, "Chưa có khóa nào.", "There are no keys yet.")
    loose = sorted(path.name for path in place.secrets.rglob("*") if path.is_file() and _mode(path) & 0o077)
    if not loose:
        return Finding("keys", True, "Mọi tệp khóa có quyền 0600.", "Every key file has mode 0600.")
    names = ", ".join(loose)
    return Finding("keys", False, f"Chạy chmod 600 và thay khóa: {names}", f"Run chmod 600 and renew the keys: {names}")


def _token(place: DataDir) -> Finding:
    token = token_of(place)
    if token is None:
        return Finding("token", None, "Khóa nằm trong tệp.", "The keys are in a file.")
    if problem := what_is_wrong(token):
        return Finding("token", False, problem.told("vi"), problem.told("en"))
    return Finding("token", True, f"Thiết bị khóa {token.label} trả lời.", f"The token {token.label} answers.")


def _ports(place: DataDir) -> Finding:
    state = read_state(place.state)
    if state is not None and state.alive:
        return Finding("ports", True, "Nền tảng đang chạy ở đây.", "A platform runs here.")
    file = place.run / "ports.json"
    kept: dict[str, int] = json.loads(file.read_text(encoding="ascii")) if file.exists() else {}
    taken = {name: port for name, port in kept.items() if not is_free(port)}
    if not taken:
        return Finding("ports", True, "Các cổng đều trống.", "Every port is free.")
    names = ", ".join(f"{port} ({name})" for name, port in taken.items())
    vi = f"Cổng đang bị dùng: {names}. Dừng chương trình đó, hoặc xóa {file}."
    return Finding("ports", False, vi, f"In use: {names}. Stop that program, or delete {file}.")


def _java(*, needed: bool) -> Finding:
    java, maven = shutil.which("java"), shutil.which("mvn")
    version = _java_version(java) if java else 0
    there = version >= _JAVA and maven is not None
    told = f"Java {version or '–'}, Maven {'✔' if maven else '–'}"
    vi = f"{told}; chỉ cần khi dùng --broker kafka (Java 17, Maven)."
    en = f"{told}; needed for --broker kafka alone (Java 17, Maven)."
    return Finding("java", True if there else (False if needed else None), vi, en)


def _java_version(java: str) -> int:
    done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)  # noqa: S603 - found by name
    found = re.search(r'version "(\d+)', done.stderr + done.stdout)
    return int(found.group(1)) if found else 0


def _broker(broker: str, place: DataDir) -> Finding:
    running = _endpoints(place)
    address = broker if broker not in {EMBEDDED, KAFKA} else (running.kafka if running else "")
    if not address:
        return Finding("broker", None, "Nền tảng chưa chạy.", "The platform does not run.")
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), _WITHIN_S).close()
    except (OSError, ValueError):
        vi = f"Không ai trả lời ở {address}: khởi động nó, hoặc dùng --broker embedded."
        return Finding("broker", False, vi, f"Nobody answers at {address}: start it, or use --broker embedded.")
    return Finding("broker", True, f"Trả lời ở {address}.", f"Answers at {address}.")


def _database(place: DataDir, url: str | None) -> Iterator[Finding]:
    """Yield whether the database answers, is new enough, has our time, and has our schema."""
    owners = _owners(place)
    dsn = url or (owners.main(OWNER) if owners else None)
    if dsn is None:
        yield Finding("database", None, "Nền tảng chưa chạy.", "The platform does not run.")
        return
    try:
        checked_url(dsn)
        version, its_time = server_clock(dsn)
    except CannotStartError as problem:
        yield Finding("database", False, "URL của cơ sở dữ liệu không đúng dạng.", str(problem))
        return
    except DatabaseUnreachableError:
        vi = "Không trả lời, hoặc từ chối: kiểm tra máy chủ, cổng, người dùng, mật khẩu."
        yield Finding("database", False, vi, "Does not answer, or refuses: check host, port, user and password.")
        return
    new_enough = version >= _OLDEST_POSTGRES
    yield Finding("database", new_enough, f"PostgreSQL {version}; cần 15 trở lên.", f"PostgreSQL {version}; 15 needed.")
    apart = abs(SystemClock().now() - its_time)
    told = f"{apart.total_seconds():.1f} s"
    vi, en = f"Lệch {told}; chỉnh giờ bằng NTP nếu quá 5 s.", f"{told} apart; set it by NTP when it is more than 5 s."
    yield Finding("clock", apart <= _CLOCKS_APART, vi, en)
    if owners is not None:
        yield _schema(owners)


def _schema(owners: Databases) -> Finding:
    try:
        other = drift(owners.main(OWNER)) + drift(owners.keys(OWNER), "keys_schema")
    except DatabaseUnreachableError:
        return Finding("schema", False, "Chưa có cơ sở dữ liệu: chạy chungtay up.", "No database yet: run chungtay up.")
    if not other:
        return Finding("schema", True, "Đúng phiên bản này.", "As this version has it.")
    names = ", ".join(other[:5])
    vi = f"Khác phiên bản này: {names}. Chạy chungtay up để cập nhật."
    return Finding("schema", False, vi, f"Not as this version has it: {names}. Run chungtay up to bring it up to date.")


def _owners(place: DataDir) -> Databases | None:
    """Return where the databases of a running platform are, and its owner's password."""
    running, file = _endpoints(place), place.secrets / "postgres.json"
    if running is None or not file.exists():
        return None
    where = urlsplit(running.postgres)
    return Databases(where.hostname or "", where.port or 0, json.loads(file.read_text(encoding="ascii")))


def _endpoints(place: DataDir) -> Endpoints | None:
    try:
        return Endpoints.model_validate_json(place.endpoints.read_bytes())
    except (OSError, ValidationError):
        return None


def _options(place: DataDir) -> Options | None:
    try:
        return Options.model_validate_json(file_of(place).read_bytes())
    except (OSError, ValidationError):
        return None


def _existing(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.exists())


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)

"""The embedded server keeps what it was given and lets in only who has a password."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import psycopg
import pytest

from infra.embedded import postgres
from infra.embedded.faults import CannotStartError
from infra.embedded.postgres import EmbeddedPostgres
from infra.postgres.case_store import Batch, CaseStore, DatabaseUnreachableError, StoredEvent
from infra.postgres.migrate import migrate
from infra.postgres.roles import CASE_RECORD, OWNER
from tests.fixtures.case_batches import chained, stream_of
from tests.waiting import eventually


@pytest.fixture
def server(data_dir: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(data_dir, durable=False)


def refused(dsn: str) -> str:
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(dsn)
    return str(caught.value)


def test_only_a_role_with_its_password_gets_in(server: EmbeddedPostgres) -> None:
    databases = server.start()
    own = databases.main(OWNER)
    psycopg.connect(own).close()
    assert "password authentication failed" in refused(own.replace(databases.passwords[OWNER], "guess"))
    assert "no password supplied" in refused(own.replace(f":{databases.passwords[OWNER]}", ""))
    assert "rejects connection" in refused(own.replace(OWNER, "postgres"))
    assert "rejects connection" in refused(own.replace(f"/{databases.main_name}", "/postgres"))


def test_it_listens_on_loopback_alone(server: EmbeddedPostgres) -> None:
    port = server.start().port
    pid = server.pid()
    assert pid is not None
    listening = [at for at in psutil.Process(pid).net_connections("inet") if at.status == psutil.CONN_LISTEN]
    assert [(at.laddr.ip, at.laddr.port) for at in listening] == [("127.0.0.1", port)]


def test_passwords_are_private_and_do_not_show(server: EmbeddedPostgres, data_dir: Path) -> None:
    databases = server.start()
    assert stat.S_IMODE((data_dir / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((data_dir / "secrets" / "postgres.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((data_dir / "postgres").stat().st_mode) == 0o700
    assert len(set(databases.passwords.values())) == len(databases.passwords)
    assert databases.passwords[OWNER] not in repr(databases)


def test_starting_twice_finds_it_running(server: EmbeddedPostgres, data_dir: Path) -> None:
    first, pid = server.start(), server.pid()
    assert EmbeddedPostgres(data_dir).start() == first
    assert server.pid() == pid


def test_it_comes_back_on_the_same_port_with_the_same_passwords(server: EmbeddedPostgres) -> None:
    first = server.start()
    server.stop()
    assert not server.alive()
    server.stop()
    assert server.start() == first
    assert server.alive()


def test_what_was_recorded_survives_kill_9_while_recording(data_dir: Path) -> None:
    """Every batch that was answered is there after a kill at full speed, and the next version follows."""
    server = EmbeddedPostgres(data_dir)
    databases = server.start()
    migrate(databases.main(OWNER), databases.keys(OWNER), databases.passwords)
    store = CaseStore(databases.main(CASE_RECORD), simulated=False)
    events, answered = chained(stream_of(1), 5000), [0]
    writing = threading.Thread(target=_record, args=(store, events, answered))
    writing.start()
    eventually(lambda: answered[0] >= 50)
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    writing.join(60)
    store.close()
    assert EmbeddedPostgres(data_dir).start() == databases
    again = CaseStore(databases.main(CASE_RECORD), simulated=False)
    kept = again.load([stream_of(1)])[stream_of(1)]
    assert kept == list(events[: len(kept)])
    assert answered[0] <= len(kept) <= answered[0] + 1  # the last commit may have taken place unanswered
    again.append(Batch(events=(events[len(kept)],)))
    again.close()


def _record(store: CaseStore, events: tuple[StoredEvent, ...], answered: list[int]) -> None:
    for event in events:
        try:
            store.append(Batch(events=(event,)))
        except DatabaseUnreachableError:
            return
        answered[0] += 1


def test_a_number_used_anew_by_another_program_is_not_the_server(server: EmbeddedPostgres, data_dir: Path) -> None:
    server.start()
    server.stop()
    left = data_dir / "postgres" / "data" / "postmaster.pid"
    left.write_text(f"{os.getpid()}\n{data_dir}\n1\n1\n\n127.0.0.1\n\nready\n")
    assert not server.alive()
    server.start()
    assert server.alive()


def test_an_interrupted_first_start_is_begun_anew(server: EmbeddedPostgres, data_dir: Path) -> None:
    half = data_dir / "postgres" / "data.next"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.start()
    assert not half.exists()


def test_a_long_path_is_no_obstacle(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir / ("long-" * 30), durable=False)
    psycopg.connect(server.start().main(OWNER)).close()
    server.stop()


def one_line(server: EmbeddedPostgres) -> str:
    with pytest.raises(CannotStartError) as caught:
        server.start()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_taken_port_is_told_with_the_way_out(server: EmbeddedPostgres, data_dir: Path) -> None:
    port = server.start().port
    server.stop()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        assert one_line(server) == (
            f"Port {port} of this data dir's database is in use by another program; "
            f"stop that program, or delete {data_dir / 'postgres' / 'port'} to have another port chosen."
        )
    (data_dir / "postgres" / "port").unlink()
    assert server.start().port != port


def test_a_full_disk_is_told(server: EmbeddedPostgres, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_NEEDED_BYTES", 1 << 62)
    assert one_line(server).startswith(f"No space left for the database in {data_dir / 'postgres'}; free ")


def test_a_data_dir_in_a_file_is_told(data_dir: Path) -> None:
    data_dir.write_text("")
    assert "Not a directory" in one_line(EmbeddedPostgres(data_dir))
    data_dir.unlink()


# Root becomes the system user after its imports, so that the same machine shows an ordinary user's life.
AS_SYSTEM_USER = """
import encodings.ascii, encodings.idna, os, sys
from pathlib import Path
from infra.embedded.account import account
from infra.embedded.postgres import EmbeddedPostgres, CannotStartError
somebody = account()
if somebody.is_other:
    os.setgroups([]); os.setgid(somebody.gid); os.setuid(somebody.uid)
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
try:
    server.start()
    print(os.getuid() != 0, server.alive(), server.stop(), server.alive())
except CannotStartError as problem:
    print(problem)
"""


def as_system_user(data_dir: Path) -> str:
    command = [sys.executable, "-c", AS_SYSTEM_USER, str(data_dir)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_an_ordinary_user_can_start_it(data_dir: Path) -> None:
    data_dir.parent.chmod(0o777)
    assert as_system_user(data_dir) == "True True None False"


def test_a_data_dir_of_somebody_else_is_told(server: EmbeddedPostgres, data_dir: Path) -> None:
    server.start()
    server.stop()
    for folder in (data_dir / "secrets", data_dir / "postgres"):
        folder.chmod(0o000)
        if os.geteuid() == 0:
            os.chown(folder, 0, 0)
    told = as_system_user(data_dir)
    assert "run as the user who made this data dir, or choose another." in told
    assert "\n" not in told

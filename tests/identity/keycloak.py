"""Keycloak's own distribution, one process on loopback, with the realm that is deployed: a real OpenID provider."""

import os
import secrets
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

from infra.embedded.child import Child
from infra.embedded.ports import LOOPBACK, free_port
from services.cli.readiness import answers
from tests.house.sources import CHECKOUT
from tests.waiting import eventually

DEPLOYED = CHECKOUT / "infra" / "deploy" / "keycloak"
REALM_FILE = DEPLOYED / "chungtay-realm.json"
ADMIN = "admin"
_POM = "{http://maven.apache.org/POM/4.0.0}"
_FETCHED_WITHIN_S = 600
_READY_WITHIN_S = 600  # seconds suffice where nothing else runs
_GRACE_S = 15
_COMPLETE = "complete"  # written last: without it a copy was cut off
_OPENED = ("java.util", "java.util.concurrent", "java.security", "java.lang")  # as its own kc.sh does


class KeycloakUnavailable(RuntimeError):  # noqa: N818 - named for what is so
    """Keycloak cannot run on this machine; the text says why."""


def version() -> str:
    """Return the version that `pom.xml` names."""
    found = ET.parse(DEPLOYED / "pom.xml").getroot().findtext(f"{_POM}properties/{_POM}keycloak.version")  # noqa: S314
    assert found is not None
    return found


def distribution() -> Path:
    """Return the unpacked distribution, fetched from Maven Central and built when it is not there yet."""
    folder = Path.home() / ".cache" / "chungtay" / "keycloak" / version()
    home = folder / f"keycloak-{version()}"
    if not (folder / _COMPLETE).exists():
        shutil.rmtree(folder, ignore_errors=True)
        where = [f"-DoutputDirectory={folder}", f"-DmarkersDirectory={folder / 'markers'}"]
        _run(_program("mvn"), "-q", "-B", "-f", str(DEPLOYED / "pom.xml"), "dependency:unpack-dependencies", *where)
        _run(str(home / "bin" / "kc.sh"), "build", "--db=dev-mem")
        (folder / _COMPLETE).touch()
    return home


class Keycloak:
    """One Keycloak with the deployed realm, its database in memory; `password` is its administrator's.

    Shape: at `logout_url` it tells whom it signed out; a platform that listens there has this very port.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._child = Child(home / "run", "keycloak")
        self.url = f"http://{LOOPBACK}:{free_port()}"
        self.issuer = f"{self.url}/realms/chungtay"
        self.logout_port = free_port()
        self.logout_url = f"http://{LOOPBACK}:{self.logout_port}/v1/logout"
        self.password = secrets.token_urlsafe(16)

    def start(self) -> None:
        """Start it and wait until the realm answers."""
        java, built = _program("java"), distribution()
        imported = self._home / "data" / "import"
        imported.mkdir(parents=True)
        shutil.copy(REALM_FILE, imported)
        for part in ("lib", "conf", "providers", "themes"):
            (self._home / part).symlink_to(built / part)
        discovery = f"{self.issuer}/.well-known/openid-configuration"
        self._child.start([java, *self._words()], self._environment())
        eventually(lambda: answers(discovery) or self._has_died(), _READY_WITHIN_S)
        if not self._child.alive():
            raise KeycloakUnavailable(f"Keycloak did not come up: {self._child.last_words()}")

    def stop(self) -> None:
        """Stop it; everything in it is gone."""
        self._child.stop(_GRACE_S)

    def _words(self) -> list[str]:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return [
            "-Xmx400m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENED),
            f"-Dkc.home.dir={self._home}",
            f"-Djboss.server.config.dir={self._home / 'conf'}",
            "-cp",
            str(self._home / "lib" / "quarkus-run.jar"),
            "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
            "start",
            "--optimized",
            "--cache=local",
            "--http-enabled=true",
            f"--hostname={self.url}",
            f"--http-host={host}",
            f"--http-port={port}",
            "--import-realm",
        ]

    def _environment(self) -> dict[str, str]:
        admin = {"KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD": self.password}
        told = {"CHUNGTAY_LOGOUT_URL": self.logout_url}
        return {**os.environ, **admin, **told}  # noqa: TID251 - Java finds its own there

    def _has_died(self) -> bool:
        return not self._child.alive()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise KeycloakUnavailable(f"{name} is not on this machine")
    return found


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_FETCHED_WITHIN_S, check=False)
    except subprocess.TimeoutExpired:
        raise KeycloakUnavailable(f"{command[0]} did not end within {_FETCHED_WITHIN_S} s") from None
    if done.returncode != 0:
        said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise KeycloakUnavailable(f"{command[0]} failed: {said[0] if said else 'it said nothing'}")

"""The jars of an Apache Kafka server, copied once from Maven Central into a cache of the user's own."""

import shutil
import subprocess
from importlib.resources import as_file, files
from pathlib import Path
from xml.etree import ElementTree as ET

_COPY_WITHIN_S = 300
_COMPLETE = "complete"  # written last: without it a copy was cut off
_POM = "{http://maven.apache.org/POM/4.0.0}"


class ApacheKafkaUnavailable(RuntimeError):  # noqa: N818 - named for what is so
    """Apache Kafka cannot run on this machine; the text says why and what to do."""


def kafka_version() -> str:
    """Return the version that `infra/kafka/server/pom.xml` names.

    Raises:
        ApacheKafkaUnavailable: if it names none.
    """
    text = files("infra.kafka").joinpath("server", "pom.xml").read_text(encoding="utf-8")
    found = ET.fromstring(text).findtext(f"{_POM}properties/{_POM}kafka.version")  # noqa: S314 - our own file
    if found is None:
        raise ApacheKafkaUnavailable("infra/kafka/server/pom.xml names no kafka.version")
    return found


def java() -> str:
    """Return the Java to run with.

    Raises:
        ApacheKafkaUnavailable: if there is none.
    """
    return _program("java", "install a Java runtime, 17 or newer")


def jars(cache: Path | None = None) -> Path:
    """Return the folder with the jars, copied from Maven Central when they are not there yet.

    Raises:
        ApacheKafkaUnavailable: if Maven is missing or could not fetch them.
    """
    folder = (cache or Path.home() / ".cache" / "chungtay") / "kafka-jars" / kafka_version()
    if not (folder / _COMPLETE).exists():
        _copy_into(folder)
        (folder / _COMPLETE).touch()
    return folder


def _copy_into(folder: Path) -> None:
    maven = _program("mvn", "install Maven, or put the jars of Apache Kafka where they are looked for")
    folder.mkdir(parents=True, exist_ok=True)
    with as_file(files("infra.kafka").joinpath("server", "pom.xml")) as pom:
        command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies", f"-DoutputDirectory={folder}"]
        try:
            done = subprocess.run(  # noqa: S603 - the command is ours
                command, capture_output=True, text=True, timeout=_COPY_WITHIN_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise ApacheKafkaUnavailable(f"Maven Central did not answer within {_COPY_WITHIN_S} s") from None
    if done.returncode != 0:
        raise ApacheKafkaUnavailable(f"Maven could not fetch the jars: {_first_error(done.stdout + done.stderr)}")


def _first_error(output: str) -> str:
    errors = [line.removeprefix("[ERROR] ") for line in output.splitlines() if line.startswith("[ERROR] ")]
    return errors[0] if errors else "it said nothing"


def _program(name: str, advice: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ApacheKafkaUnavailable(f"{name} is not on this machine: {advice}")
    return found

"""No personal value can be logged, whatever a caller or a library hands over."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from infra.logging import OPERATIONAL_KEYS, keep_operational, set_up_logging
from tests.fixtures.logs import tell_plainly

PERSONAL = "TRE-EM-7Q2 ở 12 phố Hàng Bông"
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Lines]:
    """Set the log up on a file; what it was before stands again afterwards."""
    file = tmp_path / "relay.log"
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    set_up_logging("relay", file)
    yield lambda: [json.loads(line) for line in file.read_text().splitlines()]
    tell_plainly()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_says_what_happened_when_and_where(lines: Lines) -> None:
    structlog.get_logger().info("following", position=7, cluster_id="tansu-1")
    [line] = lines()
    assert line.pop("at").endswith("Z")
    assert line == {"event": "following", "level": "info", "service": "relay", "position": 7, "cluster_id": "tansu-1"}


def test_unknown_keys_are_dropped_and_counted(lines: Lines) -> None:
    structlog.get_logger().info("recorded", child_name=PERSONAL, reference="DIA-CHI-0001", count=1)
    [line] = lines()
    assert line["dropped"] == 2
    assert not {"child_name", "reference"} & line.keys()


def test_text_that_somebody_wrote_is_dropped_under_any_key(lines: Lines) -> None:
    structlog.get_logger().warning(PERSONAL, reason=PERSONAL, count=[PERSONAL], topic={"a": PERSONAL})
    assert "7Q2" not in json.dumps(lines())
    assert lines()[0]["dropped"] == 4


def test_an_exception_is_told_by_its_class_and_place_only(lines: Lines) -> None:
    def fail() -> None:
        raise ValueError(PERSONAL)

    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("failed")
    [line] = lines()
    assert line["error"] == "ValueError"
    assert line["trace"].startswith("test_logging:")
    assert "7Q2" not in json.dumps(line)


def test_a_library_complains_without_its_words(lines: Lines) -> None:
    logging.getLogger("some.library").error("refused %s", PERSONAL, exc_info=ValueError(PERSONAL))
    logging.getLogger("some.library").info("not worth a line")
    [line] = lines()
    assert (line["event"], line["level"], line["logger"], line["error"]) == (
        "library",
        "error",
        "some.library",
        "ValueError",
    )
    assert "7Q2" not in json.dumps(line)


def test_the_log_goes_to_stdout_when_there_is_no_file(lines: Lines, capfd: pytest.CaptureFixture[str]) -> None:
    set_up_logging("relay")
    structlog.get_logger().info("following")
    assert json.loads(capfd.readouterr().out)["event"] == "following"
    assert lines() == []


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.lists(st.text())), max_size=8))
def test_only_listed_keys_with_code_like_values_pass(entry: dict[str, Any]) -> None:
    kept = keep_operational(None, "info", entry)
    assert set(kept) <= OPERATIONAL_KEYS | {"dropped"}
    assert all(isinstance(value, int) or " " not in value for value in kept.values())
    assert kept.get("dropped", 0) == len(entry) - len(set(kept) - {"dropped"})

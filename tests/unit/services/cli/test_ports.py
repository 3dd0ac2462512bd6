import socket
from pathlib import Path

import pytest

from infra.embedded.ports import LOOPBACK
from services.cli.ports import keep_ports
from services.cli.stops import Exit, Stop


def test_ports_stay_the_same(tmp_path: Path) -> None:
    first = keep_ports(tmp_path / "ports.json", ["police", "audit"])
    assert keep_ports(tmp_path / "ports.json", ["police", "audit"]) == first
    assert len(set(first.values())) == 2


def test_a_new_name_gets_a_port_beside_the_kept_ones(tmp_path: Path) -> None:
    first = keep_ports(tmp_path / "ports.json", ["police"])
    both = keep_ports(tmp_path / "ports.json", ["police", "audit"])
    assert both["police"] == first["police"]


def test_a_taken_port_is_told_with_the_way_out(tmp_path: Path) -> None:
    port = keep_ports(tmp_path / "ports.json", ["police"])["police"]
    with socket.socket() as other:
        other.bind((LOOPBACK, port))
        other.listen()
        with pytest.raises(Stop, match=f"Port {port} .police. is in use.*stop it, or delete") as stop:
            keep_ports(tmp_path / "ports.json", ["police"])
    assert stop.value.code is Exit.USED_WRONGLY


def test_more_than_lie_side_by_side_are_all_different(tmp_path: Path) -> None:
    names = [f"door-{number}" for number in range(40)]
    assert len(set(keep_ports(tmp_path / "ports.json", names).values())) == len(names)

"""A ring opens what it was handed and nothing else; keys once drawn stay."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from events.labels import Category, Form
from events.parties import Agency, Audience
from infra.crypto.keyring import (
    SEALED_CATEGORIES,
    KeyRing,
    KeyRingExposed,
    NotOnRing,
    Release,
    WrapBroken,
    make_key_rings,
)

DATA_KEY = secrets.token_bytes(32)


@dataclass(frozen=True)
class ARelease:
    category: Category
    form: Form
    own_only: bool = False


RELEASES: Mapping[Audience, Collection[Release]] = {
    Audience.POLICE: frozenset(
        {
            ARelease(Category.INVESTIGATION, Form.FULL, own_only=True),
            ARelease(Category.CHILD_IDENTITY, Form.FULL),
        }
    ),
    Audience.HOTLINE: frozenset({ARelease(Category.REPORTER_IDENTITY, Form.FULL, own_only=True)}),
    Audience.AUDITOR: frozenset({ARelease(Category.CASE_PLAN, Form.SUMMARY, own_only=True)}),
}


def test_what_was_wrapped_is_unwrapped() -> None:
    ring = KeyRing.create([(Agency.POLICE, Category.INVESTIGATION, Form.FULL)])
    wrapped = ring.wrap(Agency.POLICE, Category.INVESTIGATION, Form.FULL, DATA_KEY)
    assert ring.unwrap(Agency.POLICE, Category.INVESTIGATION, Form.FULL, wrapped) == DATA_KEY


def test_ring_without_the_key_refuses() -> None:
    ring = KeyRing.create([(Agency.POLICE, Category.INVESTIGATION, Form.FULL)])
    with pytest.raises(NotOnRing):
        ring.unwrap(Agency.POLICE, Category.INVESTIGATION, Form.SUMMARY, b"x" * 40)


def test_key_wrapped_for_another_slot_refuses() -> None:
    slots = [(Agency.POLICE, Category.INVESTIGATION, form) for form in Form]
    ring = KeyRing.create(slots)
    wrapped = ring.wrap(*slots[0], DATA_KEY)
    for broken in (wrapped, wrapped[:-1], b""):
        with pytest.raises(WrapBroken):
            ring.unwrap(*slots[1], broken)


def test_door_holds_every_form_of_its_own_and_nothing_else(tmp_path: Path) -> None:
    files = make_key_rings(tmp_path, RELEASES, tuple(Agency))
    ring = KeyRing.read(files["door.health"])
    assert ring.slots == {(Agency.HEALTH, category, form) for category in SEALED_CATEGORIES for form in Form}


def test_audience_holds_only_what_is_released(tmp_path: Path) -> None:
    files = make_key_rings(tmp_path, RELEASES, tuple(Agency))
    police = KeyRing.read(files["audience.police"]).slots
    assert police == {(Agency.POLICE, Category.INVESTIGATION, Form.FULL)} | {
        (owner, Category.CHILD_IDENTITY, Form.FULL) for owner in Agency
    }
    assert KeyRing.read(files["audience.hotline"]).slots == {
        (Agency.SOCIAL_WORK, Category.REPORTER_IDENTITY, Form.FULL)
    }


def test_audience_without_a_door_owns_nothing(tmp_path: Path) -> None:
    files = make_key_rings(tmp_path, RELEASES, tuple(Agency))
    assert KeyRing.read(files["audience.auditor"]).slots == set()


def test_audience_opens_what_the_door_sealed(tmp_path: Path) -> None:
    files = make_key_rings(tmp_path, RELEASES, tuple(Agency))
    wrapped = KeyRing.read(files["door.health"]).wrap(Agency.HEALTH, Category.CHILD_IDENTITY, Form.FULL, DATA_KEY)
    police = KeyRing.read(files["audience.police"])
    assert police.unwrap(Agency.HEALTH, Category.CHILD_IDENTITY, Form.FULL, wrapped) == DATA_KEY


def test_keys_stay_the_same_at_the_next_start(tmp_path: Path) -> None:
    files = make_key_rings(tmp_path, RELEASES, tuple(Agency))
    before = {name: file.read_bytes() for name, file in files.items()}
    assert {
        name: file.read_bytes() for name, file in make_key_rings(tmp_path, RELEASES, tuple(Agency)).items()
    } == before


def test_narrower_agreement_takes_keys_away(tmp_path: Path) -> None:
    make_key_rings(tmp_path, RELEASES, tuple(Agency))
    files = make_key_rings(tmp_path, {Audience.POLICE: frozenset()}, tuple(Agency))
    assert KeyRing.read(files["audience.police"]).slots == set()


def test_files_are_private_and_an_exposed_one_is_refused(tmp_path: Path) -> None:
    file = make_key_rings(tmp_path, RELEASES, tuple(Agency))["door.police"]
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    with pytest.raises(KeyRingExposed):
        KeyRing.read(file)


def test_ring_never_shows_a_key() -> None:
    ring = KeyRing.create([(Agency.POLICE, Category.INVESTIGATION, Form.FULL)])
    assert repr(ring) == "KeyRing(1 keys)"

"""A box opens where it was sealed and nowhere else, and says nothing by its length."""

import secrets
from base64 import b64decode, b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from events.codec import canonical
from events.compartments import Compartment, SealedCompartment
from events.labels import Category, Form, Person
from events.parties import Agency
from infra.crypto.boxes import PADDING_STEP_BYTES, Binding, BoxBroken, open_box, seal

KEY = secrets.token_bytes(32)
BINDING = Binding("commune_police_00340", "E-1", "police.scene_attended.v1")
OVERHEAD_BYTES = 12 + 16  # nonce and tag

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def compartment(**fields: JsonValue) -> Compartment:
    return Compartment(Category.INVESTIGATION, "main", Person.CHILD, Form.FULL, fields)


def sealed(**fields: JsonValue) -> SealedCompartment:
    return seal(
        compartment(**fields),
        BINDING,
        owner=Agency.POLICE,
        subject="commune_police_00340/R-1#child",
        key_id="k1",
        data_key=KEY,
    )


@given(st.dictionaries(st.text(), values, max_size=5))
def test_what_was_sealed_is_opened_again(fields: dict[str, JsonValue]) -> None:
    box = seal(
        Compartment(Category.INVESTIGATION, "main", Person.CHILD, Form.FULL, fields),
        BINDING,
        owner=Agency.POLICE,
        subject="s#child",
        key_id="k1",
        data_key=KEY,
    )
    assert open_box(box, BINDING, KEY).values == fields


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.sampled_from(Category))
def test_where_it_belongs_is_said_in_canonical_json(source: str, id_: str, subject: str, category: Category) -> None:
    one, binding = replace(compartment(note="x"), category=category), Binding(source, id_, "police.scene_attended.v1")
    box = b64decode(seal(one, binding, owner=Agency.POLICE, subject=subject, key_id="k1", data_key=KEY).box)
    event: dict[str, JsonValue] = {"source": source, "id": id_, "type": "police.scene_attended.v1"}
    place: dict[str, JsonValue] = {"category": category, "part": "main", "form": "full"}
    said = canonical({**event, **place, "owner": "police", "subject": subject})
    assert b"note" in AESGCM(KEY).decrypt(box[:12], box[12:], said)


@pytest.mark.parametrize("field", ["source", "id", "type"])
def test_box_of_another_event_stays_shut(field: str) -> None:
    with pytest.raises(BoxBroken):
        open_box(sealed(note="x"), replace(BINDING, **{field: "other"}), KEY)


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("owner", Agency.HEALTH),
        ("subject", "commune_police_00340/R-2#child"),
        ("category", Category.MEDICAL_FINDINGS),
        ("part", "alias"),
        ("form", Form.SUMMARY),
        ("commitment", "0" * 64),
    ],
)
def test_box_in_another_place_stays_shut(field: str, other: str) -> None:
    with pytest.raises(BoxBroken):
        open_box(sealed(note="x").model_copy(update={field: other}), BINDING, KEY)


def test_another_key_does_not_open() -> None:
    with pytest.raises(BoxBroken):
        open_box(sealed(note="x"), BINDING, secrets.token_bytes(32))


def test_every_flipped_byte_breaks_the_box() -> None:
    whole = sealed(note="x")
    raw = b64decode(whole.box)
    for place in range(len(raw)):
        flipped = bytearray(raw)
        flipped[place] ^= 1
        broken = whole.model_copy(update={"box": b64encode(bytes(flipped)).decode()})
        with pytest.raises(BoxBroken):
            open_box(broken, BINDING, KEY)


@pytest.mark.parametrize("box", ["", "AAAA", "not base64!", "é"])
def test_nonsense_instead_of_a_box_stays_shut(box: str) -> None:
    with pytest.raises(BoxBroken):
        open_box(sealed(note="x").model_copy(update={"box": box}), BINDING, KEY)


def test_length_tells_only_steps() -> None:
    lengths = {len(b64decode(sealed(note="n" * size).box)) for size in range(1200)}
    assert all((length - OVERHEAD_BYTES) % PADDING_STEP_BYTES == 0 for length in lengths)
    assert len(lengths) == 6


def test_commitment_is_proved_by_salt_and_plaintext() -> None:
    box = sealed(note="x")
    opened = open_box(box, BINDING, KEY)
    assert sha256(opened.salt + opened.plaintext).hexdigest() == box.commitment
    assert len(opened.salt) == 32


def test_equal_contents_look_different() -> None:
    first, second = sealed(note="x"), sealed(note="x")
    assert first.box != second.box
    assert first.commitment != second.commitment


def test_no_clear_value_stands_outside_the_box() -> None:
    assert "TRE-EM-7Q2" not in sealed(child_name="TRE-EM-7Q2").model_dump_json()

"""What was read in clear is remembered by no reader of JSON: it ends with who holds it, also after an erasure."""

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from events.codec import from_bytes, read_submitted
from events.compartments import Compartment, join
from events.envelope import SubmittedEvent
from events.labels import Category, Form, Person
from events.parties import Agency
from events.registry import event_class
from infra.crypto.boxes import Binding, open_box, seal
from infra.keys.wire import KeysGiven, Released
from services.reading.bodies import said_in
from services.reading.shapes import GlassAskedShape, SoughtShape
from tests.controls.bad_input import good

TEXT = "Lê Thị TRE-EM"
KEY = secrets.token_bytes(32)
TYPE = "police.scene_attended.v1"
BINDING = Binding("commune_police_00340", "E-1", TYPE)
SEEN = Compartment(Category.INVESTIGATION, "main", Person.CHILD, Form.FULL, {"observations": TEXT})
BOX = seal(
    SEEN,
    BINDING,
    owner=Agency.POLICE,
    subject="commune_police_00340/R-1#child",
    key_id="k1",
    data_key=KEY,
)
GLASS = {"unit": "commune_police_00340", "reference": "R-1", "reason": "danger_to_life", "explanation": TEXT}


SUBMITTED = from_bytes(SubmittedEvent, good(TYPE, data={"observations": TEXT}))


READ: Mapping[str, Callable[[], Any]] = {
    "a box that is opened": lambda: open_box(BOX, BINDING, KEY).values["observations"],
    "an event in its class": lambda: vars(read_submitted(SUBMITTED))["observations"],
    "an event put together again": lambda: vars(join(event_class(TYPE), {"secured": True}, [SEEN]))["observations"],
    "keys that were given": lambda: from_bytes(KeysGiven, b'{"keys":[{"key_id":"k1","key":"a2V5"}]}').keys[0].key,
    "keys that were released": lambda: from_bytes(Released, b'{"keys":[{"key":"a2V5"}]}').keys[0].key,
    "who is sought": lambda: said_in(json.dumps({"name": TEXT}).encode(), SoughtShape, "bad_event").name,
    "why a glass is broken": lambda: said_in(json.dumps(GLASS).encode(), GlassAskedShape, "bad_event").explanation,
}


@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_what_is_read_twice_is_made_twice(read: Callable[[], Any]) -> None:
    """One text that is kept for all who read it would outlive them all."""
    one, other = read(), read()
    assert one == other
    assert one is not other

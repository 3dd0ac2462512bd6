"""Binary mode: headers and body mean one structured event, or are refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.web.problems import Refused
from services.agencies.binary import as_structured, is_binary

JSON = "application/json"
CANARY = "TRE-EM-7Q2"


def read(*headers: tuple[str, str], body: bytes = b"{}") -> dict[str, object]:
    found: dict[str, object] = json.loads(as_structured(headers, JSON, body))
    return found


def refusal(*headers: tuple[str, str], content_type: str = JSON, body: bytes = b"{}") -> tuple[str, list[str]]:
    with pytest.raises(Refused) as refused:
        as_structured(headers, content_type, body)
    problem = refused.value.problem
    assert CANARY not in str(problem.document("en"))
    return problem.code, [fault.pointer for fault in problem.faults]


def test_attributes_and_data() -> None:
    assert read(("host", "door"), ("ce-id", "E-1"), ("ce-source", "unit"), body=b' {"secured": true}\n') == {
        "id": "E-1",
        "source": "unit",
        "datacontenttype": JSON,
        "data": {"secured": True},
    }


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ("%e1%bb%b1", "ự"),
        ("%41", "A"),
        ("%2541", "%41"),
        ("a+b", "a+b"),
        ('"a \\"b\\" c"', 'a "b" c'),
        ('"%41"', "A"),
        (" \t a ", "a"),
        ("", ""),
    ],
)
def test_values_are_decoded_once(sent: str, meant: str) -> None:
    assert read(("ce-subject", sent))["subject"] == meant


@pytest.mark.parametrize("sent", ["%C0%A0", "%FF", "%ED%A0%80", "%", "%4", "%zz", "ự", "\xff"])
def test_what_is_not_encoded_is_refused(sent: str) -> None:
    assert refusal(("ce-subject", CANARY + sent)) == ("bad_event", ["/subject"])
    assert refusal(("ce-treem7q2", sent)) == ("bad_event", [""])


@pytest.mark.parametrize("name", ["ce-data", "ce-datacontenttype", "ce-", "ce-tre-em", "ce-data_base64"])
def test_other_headers_are_refused(name: str) -> None:
    assert refusal((name, CANARY)) == ("bad_event", [""])


def test_twice_is_refused() -> None:
    assert refusal(("ce-id", CANARY), ("ce-id", CANARY)) == ("bad_event", ["/id"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{}, "source": "another"', "not_json"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        (b'{"a": NaN}', "not_a_number"),
        (b"\xff", "not_utf8"),
    ],
)
def test_body_is_one_json_value(body: bytes, code: str) -> None:
    assert refusal(("ce-id", "E-1"), body=body) == (code, [])


def test_charset() -> None:
    as_structured([("ce-id", "E-1")], 'application/json; charset="UTF-8"', b"{}")
    assert refusal(("ce-id", "E-1"), content_type="application/json; charset=latin-1")[0] == "unsupported_media_type"


def test_who_speaks_by_headers() -> None:
    assert is_binary([("host", "x"), ("ce-id", "E-1")])
    assert not is_binary([("host", "x"), ("ceid", "E-1")])


@given(st.lists(st.tuples(st.sampled_from(["ce-id", "ce-type", "ce-x", "x"]), st.text())), st.binary())
def test_any_headers_and_body_are_read_or_refused(headers: list[tuple[str, str]], body: bytes) -> None:
    try:
        meant = as_structured(headers, JSON, body)
    except Refused as refused:
        meant = json.dumps(refused.problem.document("vi")).encode()
    assert isinstance(json.loads(meant), dict)

"""What every service says of itself: OpenAPI that holds, in both languages, with examples that are taken."""

import json
from datetime import datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from events.codec import canonical
from events.parties import Agency
from services.agencies.inspection import Inspector
from services.agencies.openapi import example_event
from tests.fixtures.contracts import SECTORS, SERVICES, contract_of

CONTRACTS = {service: contract_of(service) for service in SERVICES}
STATUSES_OF_READING = {"200", "400", "401", "404", "429", "431", "500", "503"}


def operations(contract: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for path in contract["paths"].values() for operation in path.values()}


class LateClock:
    simulated = True

    def now(self) -> datetime:
        return datetime.fromisoformat("2027-01-01T00:00:00+07:00")


@pytest.mark.parametrize("service", SERVICES)
def test_it_is_valid(service: str) -> None:
    assert CONTRACTS[service]["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(CONTRACTS[service]).iter_errors()] == []


def test_operations_keep_their_names() -> None:
    """Clients are generated from them: a name that changes breaks a client."""
    of_a_door = {"publish_events", "event_status", "receipt_keys", "inbox_keys", "list_event_types", "event_schema"}
    of_a_reader = {"list_cases", "read_case", "read_grounds", "read_timeline"}
    of_a_searcher = of_a_reader | {"search_cases"}
    expected = {sector.name: of_a_door | of_a_searcher for sector in SECTORS} | {
        "coordination": of_a_searcher | {"list_deadlines"},
        "audit": of_a_reader | {"read_history", "verify_history", "list_access", "back_channel_logout"},
    }
    assert {service: set(operations(contract)) for service, contract in CONTRACTS.items()} == expected


@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_has_a_schema_and_every_problem_both_languages(service: str) -> None:
    for name, operation in operations(CONTRACTS[service]).items():
        for status, answer in operation["responses"].items():
            assert all(told["schema"] for told in answer["content"].values()), (name, status)
            if status < "400":
                continue
            [(media_type, told)] = answer["content"].items()
            assert media_type == "application/problem+json", (name, status)
            examples = told["examples"]
            assert {key.rpartition(".")[2] for key in examples} == {"vi", "en"}
            assert {example["value"]["status"] for example in examples.values()} == {int(status)}


@pytest.mark.parametrize("service", SERVICES)
def test_who_must_show_a_token_and_say_why(service: str) -> None:
    for name, operation in operations(CONTRACTS[service]).items():
        to_all = name in {"receipt_keys", "inbox_keys", "list_event_types", "event_schema", "back_channel_logout"}
        assert ("security" not in operation) == to_all
        assert ("401" not in operation["responses"]) == to_all
        reading = not to_all and (name in operations(CONTRACTS["audit"]) or name in {"list_deadlines", "search_cases"})
        headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        assert ({"X-Purpose", "X-After"} <= headers) == reading
        if reading and name != "search_cases":
            assert set(operation["responses"]) == STATUSES_OF_READING | ({"409"} if name == "read_history" else set())


def test_a_parameter_is_never_null() -> None:
    told = [
        parameter["schema"]
        for contract in CONTRACTS.values()
        for operation in operations(contract).values()
        for parameter in operation.get("parameters", [])
    ]
    assert told
    assert "null" not in json.dumps(told)


@pytest.mark.parametrize("agency", [sector.agency for sector in SECTORS])
def test_the_example_is_taken_as_it_stands(agency: Agency) -> None:
    event = example_event(agency)
    inspected = Inspector(agency, LateClock()).inspect(canonical(event), event["source"])
    assert inspected.submitted.id == event["id"]


@pytest.mark.parametrize("sector", SECTORS, ids=lambda sector: sector.agency.value)
def test_examples_are_in_both_languages_and_fit_their_schema(sector: Any) -> None:
    contract = CONTRACTS[sector.name]
    content = operations(contract)["publish_events"]["requestBody"]["content"]
    assert len(content) == 3
    for told in content.values():
        schema = told["schema"] | {"components": contract["components"]}
        assert set(told["examples"]) == {"vi", "en"}
        assert told["examples"]["vi"]["summary"] != told["examples"]["en"]["summary"]
        for example in told["examples"].values():
            Draft202012Validator(schema).validate(example["value"])

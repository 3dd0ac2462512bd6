"""The whole of it with a real provider: people log in, systems prove themselves, and nobody else gets in.

One Keycloak and one set of services for the module; gated as Apache Kafka is (OIDC_RAN, OIDC_NOT_RUN).
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from chungtay_client import Client, NotAuthorisedError, NotIssuedError
from chungtay_client.credentials import Credentials, TokenSource

from infra.issuers import TrustedIssuer
from tests.controls.bad_input import UNIT, good
from tests.fixtures.databases import DatabasesServer
from tests.hostile.world import World, hostile_world
from tests.identity.keycloak import REALM_FILE, Keycloak
from tests.identity.realm import Realm, log_in
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(900)


@dataclass(frozen=True)
class Platform:
    """Services that trust the realm, the realm, and those who are known there."""

    world: World
    realm: Realm
    system: Credentials
    person: str

    @property
    def issuer(self) -> str:
        return self.realm.keycloak.issuer

    def door(self, name: str = "police") -> str:
        return f"http://127.0.0.1:{self.world.ports[name]}"

    def read(self, token: str, door: str = "police") -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "X-Purpose": "case_work"}
        return httpx.get(f"{self.door(door)}/v1/cases", headers=headers, trust_env=False, timeout=60)


@pytest.fixture(scope="module")
def platform(
    keycloak: Keycloak, databases_server: DatabasesServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    realm = Realm(keycloak)
    system = realm.agency_system(UNIT)
    person = realm.person("nguoi-truc", UNIT, "case_work")
    databases = databases_server.copy()
    trusted = TrustedIssuer(url=keycloak.issuer, keys_fresh_s=1, read_pause_s=0.5)
    ports = {"audit": keycloak.logout_port}
    with hostile_world(databases, tmp_path_factory.mktemp("platform"), issuer=trusted, at=ports) as world:
        yield Platform(world, realm, system, person)
    databases_server.drop(databases)
    realm.close()


def test_the_realm_is_the_one_that_is_deployed(platform: Platform) -> None:
    deployed = json.loads(REALM_FILE.read_bytes())
    runs = platform.realm.ask("GET", "").json()
    assert {name: runs[name] for name in deployed if isinstance(deployed[name], str | int | bool)} == {
        name: value for name, value in deployed.items() if isinstance(value, str | int | bool)
    }
    scopes = {scope["name"] for scope in platform.realm.ask("GET", "client-scopes").json()}
    assert scopes - {"offline_access"} == {scope["name"] for scope in deployed["clientScopes"]}


def test_an_agencys_system_publishes_with_its_key(platform: Platform) -> None:
    with TokenSource(platform.system) as source, Client(platform.door(), source, language="en", patience_s=0) as client:
        accepted = client.publish(good(id="KEYCLOAK-1"))
        assert (accepted.receipt["source"], accepted.duplicate) == (UNIT, False)
        assert client.status(UNIT, "KEYCLOAK-1").status == "accepted"


def test_a_person_logs_in_and_reads_the_units_view(platform: Platform) -> None:
    token = log_in(platform.issuer, "nguoi-truc")["access_token"]
    answer = platform.read(token)
    assert answer.status_code == 200
    assert [case["case"] for case in answer.json()["cases"]] == [platform.world.cases[UNIT]]


def test_the_duties_of_a_person_are_its_roles_and_no_name_is_told(platform: Platform) -> None:
    claims = claims_of(log_in(platform.issuer, "nguoi-truc")["access_token"])
    assert (claims["sub"], claims["unit"], claims["role"]) == (platform.person, UNIT, "reader")
    assert claims["duties"] == ["case_work"]
    assert not {"name", "email", "preferred_username", "given_name", "family_name"} & set(claims)


@pytest.mark.parametrize("kind", ["id_token", "refresh_token"])
def test_what_is_no_access_token_opens_nothing(platform: Platform, kind: str) -> None:
    assert refused(platform.read(log_in(platform.issuer, "nguoi-truc")[kind])) == (401, "bad_token")


def test_a_person_does_not_publish_and_a_system_does_not_read(platform: Platform) -> None:
    person = log_in(platform.issuer, "nguoi-truc")["access_token"]
    with pytest.raises(NotAuthorisedError) as raised, Client(platform.door(), person, patience_s=0) as client:
        client.publish(good(id="KEYCLOAK-2"))
    assert raised.value.problem.code == "not_a_publisher"
    with TokenSource(platform.system) as source:
        assert refused(platform.read(source())) == (404, "no_such_case")


def test_a_person_without_a_unit_opens_nothing(platform: Platform) -> None:
    platform.realm.person("khong-don-vi", "nowhere_00001", "chair")
    assert refused(platform.read(log_in(platform.issuer, "khong-don-vi")["access_token"])) == (401, "bad_token")


def test_a_person_cannot_give_itself_another_unit(platform: Platform) -> None:
    told = platform.realm.ask("GET", "users/profile").json()
    [unit] = [attribute for attribute in told["attributes"] if attribute["name"] == "unit"]
    assert unit["permissions"]["edit"] == ["admin"]
    assert told.get("unmanagedAttributePolicy") is None


def test_a_stolen_name_gets_no_token_and_an_assertion_is_taken_once(platform: Platform) -> None:
    thief = Credentials(platform.issuer, platform.system.client_id, Credentials.draw("x", "x").key)
    with TokenSource(thief) as source, pytest.raises(NotIssuedError):
        source()
    sent: list[httpx.Request] = []
    with httpx.Client(event_hooks={"request": [sent.append]}, trust_env=False, timeout=60) as http:
        TokenSource(platform.system, http=http)()
        replayed = sent[-1]
        assert http.send(
            httpx.Request("POST", replayed.url, content=replayed.content, headers=replayed.headers)
        ).is_client_error


def test_another_realms_token_opens_nothing(platform: Platform) -> None:
    asked = {"grant_type": "password", "client_id": "admin-cli", "username": "admin"}
    password = platform.realm.keycloak.password
    master = f"{platform.realm.keycloak.url}/realms/master/protocol/openid-connect/token"
    token = httpx.post(master, data={**asked, "password": password}, trust_env=False, timeout=60).json()["access_token"]
    assert refused(platform.read(token)) == (401, "bad_token")


def test_the_built_in_issuer_opens_nothing_here(platform: Platform) -> None:
    for speaker in ("publisher", "reader", "auditor"):
        assert refused(platform.read(platform.world.tokens[speaker])) == (401, "bad_token")


def test_forged_tokens_open_nothing_at_any_service(platform: Platform) -> None:
    forged = {name: token for name, token in platform.world.tokens.items() if name not in {"publisher", "reader"}}
    real = log_in(platform.issuer, "nguoi-truc")["access_token"]
    head, claims, signature = real.split(".")
    forged |= {"cut": f"{head}.{claims}.", "turned": f"{head}.{claims}.{signature[::-1]}"}
    told = {refused(platform.read(token, door)) for token in forged.values() for door in ("police", "health", "audit")}
    assert told == {(401, "bad_token")}


def test_whom_the_administrator_signs_out_reads_no_more_and_may_come_back(platform: Platform) -> None:
    signed_out = platform.realm.person("nguoi-ra-ve", UNIT, "case_work")
    token = log_in(platform.issuer, "nguoi-ra-ve")["access_token"]
    other = log_in(platform.issuer, "nguoi-truc")["access_token"]
    assert [platform.read(one).status_code for one in (token, other)] == [200, 200]
    platform.realm.sign_out(signed_out)
    assert refused(platform.read(token)) == (401, "bad_token")
    assert platform.read(other).status_code == 200

    def reads_again() -> bool:  # a token of the very second of the signing out is refused too
        return platform.read(log_in(platform.issuer, "nguoi-ra-ve")["access_token"]).status_code == 200

    eventually(reads_again)
    assert refused(platform.read(token)) == (401, "bad_token")


def test_when_the_issuers_keys_rotate_nobody_has_to_do_anything(platform: Platform) -> None:
    before = log_in(platform.issuer, "nguoi-truc")["access_token"]
    platform.realm.rotate()
    after = log_in(platform.issuer, "nguoi-truc")["access_token"]
    assert head_of(before)["kid"] != head_of(after)["kid"]
    assert [platform.read(token).status_code for token in (before, after, before)] == [200, 200, 200]


def claims_of(token: str) -> dict[str, Any]:
    return part(token, 1)


def head_of(token: str) -> dict[str, Any]:
    return part(token, 0)


def part(token: str, number: int) -> dict[str, Any]:
    return dict(json.loads(urlsafe_b64decode(token.split(".")[number] + "==")))


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["type"]).removeprefix("/problems/")

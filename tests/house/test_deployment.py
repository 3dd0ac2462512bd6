"""What is deployed is what the tests run: one version of Keycloak, and the duties that the platform knows."""

import json

from events.parties import Duty
from infra.issuers import ClaimNames, TrustedIssuer
from tests.identity.keycloak import DEPLOYED, REALM_FILE, version

REALM = json.loads(REALM_FILE.read_bytes())


def test_containers_run_the_version_that_is_tested() -> None:
    assert f"image: keycloak/keycloak:{version()}\n" in (DEPLOYED / "compose.yaml").read_text(encoding="utf-8")


def test_containers_import_the_realm_that_is_tested() -> None:
    compose = (DEPLOYED / "compose.yaml").read_text(encoding="utf-8")
    assert f"./{REALM_FILE.name}:/opt/keycloak/data/import/{REALM_FILE.name}:ro" in compose


def test_the_realm_knows_the_platforms_duties() -> None:
    assert [role["name"] for role in REALM["roles"]["client"]["chungtay"]] == [duty.value for duty in Duty]


def test_the_realms_claims_are_those_that_services_read_unless_told() -> None:
    mappers = [mapper for scope in REALM["clientScopes"] for mapper in scope["protocolMappers"]]
    claims = {mapper["config"]["claim.name"] for mapper in mappers if "claim.name" in mapper["config"]}
    names = ClaimNames()
    assert claims == {names.unit, names.role, names.duties}
    audiences = {mapper["config"].get("included.client.audience") for mapper in mappers} - {None}
    assert audiences == {TrustedIssuer(url="https://login.example").audience}


def test_the_realm_holds_no_person_and_no_secret() -> None:
    assert "users" not in REALM
    text = REALM_FILE.read_text(encoding="utf-8")
    assert not {word for word in ('"secret"', '"privateKey"', '"credentials"') if word in text}


def test_nobody_but_the_operator_says_whose_unit_a_person_is() -> None:
    [profile] = REALM["components"]["org.keycloak.userprofile.UserProfileProvider"]
    told = json.loads(profile["config"]["kc.user.profile.config"][0])
    [unit] = [attribute for attribute in told["attributes"] if attribute["name"] == "unit"]
    assert unit["permissions"]["edit"] == ["admin"]
    assert "unmanagedAttributePolicy" not in told

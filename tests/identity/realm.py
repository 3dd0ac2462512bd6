"""What an operator does in a realm, and what a person does at its login page."""

import base64
import hashlib
import html
import json
import re
import secrets
from string import Template
from typing import Any

import httpx
from chungtay_client.credentials import Credentials

from tests.identity.keycloak import ADMIN, DEPLOYED, Keycloak

REDIRECT = "http://127.0.0.1/back"
PASSWORD = "Ba-con-meo-trong-vuon-9"


class Realm:
    """The deployed realm in a running Keycloak, at the hands of its operator."""

    def __init__(self, keycloak: Keycloak) -> None:
        self.keycloak = keycloak
        self._http = httpx.Client(base_url=keycloak.url, trust_env=False, timeout=60)

    def close(self) -> None:
        self._http.close()

    def person(self, name: str, unit: str, *duties: str) -> str:
        """Make a person of a unit with duties; return the id by which tokens name it."""
        password = {"type": "password", "value": PASSWORD, "temporary": False}
        person = {"username": name, "enabled": True, "attributes": {"unit": [unit]}, "credentials": [password]}
        made = self.ask("POST", "users", json=person).headers["location"].rpartition("/")[2]
        platform = self.ask("GET", "clients", params={"clientId": "chungtay"}).json()[0]["id"]
        roles = [self.ask("GET", f"clients/{platform}/roles/{duty}").json() for duty in duties]
        self.ask("POST", f"users/{made}/role-mappings/clients/{platform}", json=roles)
        return str(made)

    def agency_system(self, unit: str) -> Credentials:
        """Register a unit's system by the template that is deployed; return what it proves itself with."""
        made = Credentials.draw(self.keycloak.issuer, f"system-of-{unit}")
        keys = json.dumps(json.dumps(made.public_keys))[1:-1]  # a text within the template's text
        words = {"client_id": made.client_id, "unit": unit, "public_keys": keys}
        template = Template((DEPLOYED / "agency-client.json").read_text(encoding="utf-8"))
        self.ask("POST", "clients", json=json.loads(template.substitute(words)))
        return made

    def sign_out(self, person: str) -> None:
        """End every session of a person; those that are told of it have been when this returns."""
        self.ask("POST", f"users/{person}/logout")

    def rotate(self) -> None:
        """Draw a new signing key that is used from now on."""
        realm = self.ask("GET", "").json()
        config = {"priority": ["200"], "ecdsaEllipticCurveKey": ["P-256"], "enabled": ["true"], "active": ["true"]}
        provider = {
            "name": "newer",
            "providerId": "ecdsa-generated",
            "providerType": "org.keycloak.keys.KeyProvider",
            "parentId": realm["id"],
            "config": config,
        }
        self.ask("POST", "components", json=provider)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask the administration of the realm."""
        headers = {"Authorization": f"Bearer {self._administrator()}"}
        answer = self._http.request(method, f"/admin/realms/chungtay/{path}".rstrip("/"), headers=headers, **more)
        assert answer.is_success, answer.text
        return answer

    def _administrator(self) -> str:
        asked = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN}
        answer = self._http.post(
            "/realms/master/protocol/openid-connect/token", data={**asked, "password": self.keycloak.password}
        )
        return str(answer.json()["access_token"])


def log_in(issuer: str, name: str) -> dict[str, str]:
    """Log a person in at the page, as a browser does (authorization code with PKCE); return the tokens."""
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": "chungtay-desk",
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid",
        "nonce": secrets.token_hex(8),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    with httpx.Client(trust_env=False, timeout=60) as browser:
        page = browser.get(f"{issuer}/protocol/openid-connect/auth", params=asked)
        form = re.search(r'<form[^>]*action="([^"]+)"', page.text)
        assert form is not None, page.text
        # A browser sends cookies marked Secure to loopback; this library's jar does not.
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in page.cookies.jar)
        entered = {"username": name, "password": PASSWORD}
        back = httpx.post(
            html.unescape(form[1]), data=entered, headers={"Cookie": cookies}, trust_env=False, timeout=60
        )
        code = httpx.URL(back.headers["location"]).params["code"]
        given = {"client_id": "chungtay-desk", "redirect_uri": REDIRECT, "code": code, "code_verifier": verifier}
        answer = browser.post(
            f"{issuer}/protocol/openid-connect/token", data={"grant_type": "authorization_code", **given}
        )
    assert answer.is_success, answer.text
    return dict(answer.json())

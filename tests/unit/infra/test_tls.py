import ssl

import pytest

from infra.tls import believed_at


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "https://keys.example"])
def test_certificates_and_names_are_always_checked(url: str) -> None:
    believed = believed_at(url)
    assert believed.verify_mode is ssl.CERT_REQUIRED
    assert believed.check_hostname


def test_at_an_http_address_no_authority_is_believed() -> None:
    assert believed_at("http://127.0.0.1:8080").get_ca_certs() == []


def test_over_https_the_authorities_are_believed_and_read_once() -> None:
    assert believed_at("https://keys.example").get_ca_certs() != []
    assert believed_at("https://keys.example") is believed_at("https://login.example")

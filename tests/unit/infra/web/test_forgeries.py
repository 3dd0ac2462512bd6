"""A thousand attempts, none accepted, and no answer tells one from another."""

from collections import Counter

from infra.issuers import TrustedIssuer
from infra.web.problems import Refused
from infra.web.tokens import TokenVerifier
from tests.controls.forgeries import compact, forgeries, signer
from tests.controls.loopback_issuer import ALGORITHMS, loopback_issuer
from tests.fakes.memory_endings import MemoryEndings


async def test_of_a_thousand_forged_tokens_none_is_accepted() -> None:
    with loopback_issuer() as issuer:
        for kind in ("RSA", "OKP"):
            issuer.draw(kind.lower(), kind)
        verifier = TokenVerifier.of_issuer(TrustedIssuer(url=issuer.url), MemoryEndings())
        told: Counter[str] = Counter()
        for key in issuer.keys:
            assert (await verifier.verify(issuer.token(key))).role == "publisher"
        attempts = list(forgeries(issuer))
        for name, token in attempts:
            try:
                await verifier.verify(token)
            except Refused as refused:
                told[refused.problem.code] += 1
            else:
                told[f"accepted: {name}"] += 1
    assert len({token for _, token in attempts}) >= 1_000
    assert told == {"bad_token": len(attempts)}


async def test_the_forger_could_sign_if_it_had_the_key() -> None:
    """Else none of its tokens would prove anything."""
    with loopback_issuer() as issuer:
        for kind in ("RSA", "OKP"):
            issuer.draw(kind.lower(), kind)
        verifier = TokenVerifier.of_issuer(TrustedIssuer(url=issuer.url), MemoryEndings())
        for key in issuer.keys:
            head = {"alg": ALGORITHMS[key.key_type], "kid": key.kid, "typ": "at+jwt"}
            assert (await verifier.verify(compact(head, issuer.claims(), signer(key)))).role == "publisher"

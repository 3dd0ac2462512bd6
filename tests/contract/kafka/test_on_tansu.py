"""The contract on Tansu."""

import pytest

from infra.embedded.tansu import EmbeddedTansu
from tests.contract.kafka.contract import KafkaContract
from tests.contract.kafka.servers import BrokerUnderTest


class TestTansu(KafkaContract):
    @pytest.fixture
    def server(self, fresh_tansu: EmbeddedTansu) -> BrokerUnderTest:
        def reborn() -> None:
            fresh_tansu.kill()
            fresh_tansu.start()

        return BrokerUnderTest(fresh_tansu, fresh_tansu.address, reborn)

    def test_the_port_stays_and_the_cluster_does_not(self, fresh_tansu: EmbeddedTansu) -> None:
        before = fresh_tansu.address
        fresh_tansu.kill()
        assert not fresh_tansu.alive()
        assert fresh_tansu.start() == before
        assert fresh_tansu.alive()

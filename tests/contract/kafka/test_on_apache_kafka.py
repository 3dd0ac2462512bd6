"""The contract on Apache Kafka, and what only a broker with a disk can promise."""

import asyncio
import shutil
from pathlib import Path

import pytest

from infra.embedded import kafka_jars
from infra.embedded.apache_kafka import ApacheKafkaUnavailable, EmbeddedApacheKafka
from infra.kafka.publisher import Publisher
from infra.kafka.subscriber import Subscriber
from tests.contract.kafka.contract import KafkaContract, marked, read, send_at_last
from tests.contract.kafka.servers import BrokerUnderTest


@pytest.mark.kafka
class TestApacheKafka(KafkaContract):
    @pytest.fixture
    def server(self, apache_kafka: EmbeddedApacheKafka) -> BrokerUnderTest:
        def reborn() -> None:
            apache_kafka.kill()
            apache_kafka.forget()
            apache_kafka.start()

        return BrokerUnderTest(apache_kafka, apache_kafka.address, reborn)

    async def test_after_a_crash_everything_is_there_and_reading_goes_on(
        self, server: BrokerUnderTest, publisher: Publisher, subscriber: Subscriber, mark: bytes
    ) -> None:
        await publisher.send(marked(mark + b"-old", 40))
        await read(subscriber, mark, 40)
        await asyncio.to_thread(crash_and_start, server.broker)
        await send_at_last(publisher, marked(mark + b"-new", 40))
        got = await read(subscriber, mark, 40)
        assert {message.value[: len(mark) + 4] for message in got} == {mark + b"-new"}
        afresh = Subscriber(server.address, ["case_record.case.v1"])
        await afresh.start()
        assert len(await read(afresh, mark, 80)) >= 80
        await afresh.stop()


def crash_and_start(broker: object) -> None:
    assert isinstance(broker, EmbeddedApacheKafka)
    broker.kill()
    broker.start()


class TestWhereItCannotRun:
    def test_the_reason_names_the_missing_program(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda _: None)
        with pytest.raises(ApacheKafkaUnavailable, match="java is not on this machine"):
            EmbeddedApacheKafka(tmp_path, tmp_path).start()

    def test_the_reason_names_the_missing_maven(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "which", lambda _: None)
        with pytest.raises(ApacheKafkaUnavailable, match="mvn is not on this machine"):
            kafka_jars.jars(tmp_path)

    def test_the_reason_quotes_maven(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        maven = tmp_path / "mvn"
        maven.write_text("#!/bin/sh\necho '[ERROR] Could not transfer artifact'\nexit 1\n", encoding="utf-8")
        maven.chmod(0o755)
        monkeypatch.setattr(shutil, "which", lambda _: str(maven))
        with pytest.raises(ApacheKafkaUnavailable, match="Could not transfer artifact"):
            kafka_jars.jars(tmp_path)
        assert not list(tmp_path.rglob("complete"))

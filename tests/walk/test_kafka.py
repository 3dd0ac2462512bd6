"""The same walk on Apache Kafka."""

import json

import pytest

from infra.embedded.apache_kafka import EmbeddedApacheKafka
from tests.walk.platforms import Platform
from tests.walk.test_demo import EXPECTED

pytestmark = [pytest.mark.walk, pytest.mark.kafka, pytest.mark.timeout(400)]


def test_the_demo_runs_on_apache_kafka(apache_kafka: EmbeddedApacheKafka, platform: Platform) -> None:
    """The fixture says whether this machine can run Apache Kafka; the demo starts one of its own."""
    assert apache_kafka.alive()
    done = platform.run("demo", "--broker", "kafka", "--exit", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    for moment in ("after_21", "after_26"):
        assert result[moment] == EXPECTED[moment]
    assert result["verify"]["holds"] is True
    assert not (platform.data_dir / "endpoints.json").exists()

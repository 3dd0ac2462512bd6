"""Two applications in one process tell each its own figures."""

from prometheus_client import Counter, Gauge

from infra.web.metrics import figures_of

_TAKEN = Counter("chungtay_test_taken_total", "Taken.", ["agency"])
_ASKED = Counter("chungtay_test_asked_total", "Asked.", ["service", "route"])

_BEHIND = Gauge("chungtay_test_behind", "Behind.", ["part"])


def test_a_door_tells_nothing_of_another() -> None:
    for agency in ("police", "health"):
        _TAKEN.labels(agency).inc(7)
        _BEHIND.labels(f"{agency}.unsent").set(5)
        _ASKED.labels(f"agencies.{agency}", "/v1/events").inc(3)
    told = figures_of("agencies.health").decode()
    assert 'chungtay_test_taken_total{agency="health"} 7.0' in told
    assert 'chungtay_test_asked_total{route="/v1/events",service="agencies.health"} 3.0' in told
    assert 'chungtay_test_behind{part="health.unsent"} 5.0' in told
    assert "police" not in told


def test_what_is_of_the_whole_process_is_told() -> None:
    assert "process_cpu_seconds_total" in figures_of("audit").decode()

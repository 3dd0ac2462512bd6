"""What one application tells of its figures: its own, and nobody else's in the same process.

The doors of several agencies may share a process, and so prometheus_client's one registry. How much an agency sends,
and when, is none of another's business.
"""

from collections.abc import Iterator

from prometheus_client import REGISTRY, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.samples import Sample


def figures_of(service: str) -> bytes:
    """Return the figures of an application in Prometheus' text form; those of the whole process are in it."""
    return generate_latest(_Own(service))


class _Own:
    """The registry as one application may show it; `service` is `<kind>` or `<kind>.<agency>`."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._agency = service.rpartition(".")[2]

    def collect(self) -> Iterator[Metric]:
        """Yield each family with the samples that are the application's or the process's."""
        for family in REGISTRY.collect():
            shown = Metric(family.name, family.documentation, family.type, family.unit)
            shown.samples = [sample for sample in family.samples if self._may_show(sample)]
            if shown.samples:
                yield shown

    def _may_show(self, sample: Sample) -> bool:
        labels = sample.labels
        if labels.get("service", self._service) != self._service:
            return False
        about, dot, _ = labels.get("part", "").partition(".")
        return labels.get("agency", about if dot else self._agency) == self._agency

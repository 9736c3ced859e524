"""What a monitor asks: how many messages and records there are, by state. The door to prometheus-client."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from sqlalchemy.orm import Session

from api.review import queries


@dataclass(frozen=True)
class StoreCollector(Collector):
    """Asks the store at every scrape, so that it is right whichever process did the work."""

    session: Session

    def collect(self) -> Iterator[Metric]:
        messages = GaugeMetricFamily("yinjian_messages", "Messages taken, by state", labels=["state"])
        for state, count in queries.message_states(self.session).items():
            messages.add_metric([state], count)
        counts = queries.record_counts(self.session, queries.Filter())
        lanes = GaugeMetricFamily("yinjian_records_lane", "Records, by lane", labels=["lane"])
        for lane, count in counts.lanes.items():
            lanes.add_metric([lane], count)
        states = GaugeMetricFamily("yinjian_records_state", "Records, by state", labels=["state"])
        for state, count in counts.states.items():
            states.add_metric([state], count)
        yield from (messages, lanes, states)


def metrics_text(session: Session) -> tuple[bytes, str]:
    """The metrics in Prometheus' text format, and its content type."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(session))
    return generate_latest(registry), CONTENT_TYPE_LATEST

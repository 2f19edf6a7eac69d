"""``/actuator/datasources``: the connections of each data source, and its statements."""

from typing import Any

from pyfly.container.container import Container
from pyfly.data.hooks.statistics import BUCKETS, StatementStatistics, StatisticsHook
from pyfly.data.relational.sqlalchemy.data_source import DataSource


class DataSourcesEndpoint:
    """Reports what data sources do. Where there is an actuator, it joins it by its members."""

    endpoint_id = "datasources"
    enabled = True

    def __init__(self, container: Container) -> None:
        """Report the data sources of *container*."""
        self._container = container

    async def handle(self, context: Any = None) -> dict[str, Any]:
        """Return the pool of each data source; its statements too, where the hook ``statistics`` counts them."""
        sources = [self._container.get(each) for each in self._container.definitions_of(DataSource)]
        counters = [self._container.get(each) for each in self._container.definitions_of(StatisticsHook)]
        return {"datasources": {source.name: _told(source, counters) for source in sources}}


def _told(source: DataSource, counters: list[StatisticsHook]) -> dict[str, Any]:
    pool = source.statistics()
    told: dict[str, Any] = {
        "pool": {
            "in_use": pool.in_use,
            "idle": pool.idle,
            "waiting": pool.waiting,
            "max_size": pool.max_size,
            "exhausted": pool.exhausted,
        }
    }
    for counter in counters:
        told["statements"] = _statements(counter.statistics(source.name))
    return told


def _statements(counted: StatementStatistics) -> dict[str, Any]:
    limits = [*(f"{limit:g}" for limit in BUCKETS), "more"]
    return {
        "count": counted.statements,
        "errors": counted.errors,
        "retries": counted.retries,
        "seconds": counted.seconds,
        "longest": counted.longest,
        "latencies": dict(zip(limits, counted.latencies, strict=True)),
    }

import pytest

from pyfly.actuator import HealthIndicator, HealthStatus
from pyfly.actuator.indicators import DataSourceHealthIndicator, indicators_of
from pyfly.container import Container, rest_controller


class Answer:
    def __init__(self, reason: str) -> None:
        self.is_up = not reason
        self.reason = reason


class Database:
    def __init__(self, reason: str) -> None:
        self.reason = reason

    async def ping(self) -> Answer:
        return Answer(self.reason)


@pytest.mark.parametrize(
    ("reason", "status"),
    [("", HealthStatus("UP")), ("TimeoutError", HealthStatus("DOWN", {"error": "TimeoutError"}))],
)
async def test_a_database_is_up_while_it_answers(reason: str, status: HealthStatus) -> None:
    assert await DataSourceHealthIndicator(Database(reason)).health() == status


def test_a_health_method_alone_makes_no_indicator() -> None:
    class Doctor:
        async def health(self) -> str:
            return "fine"

    @rest_controller
    class Controller:
        async def health(self) -> HealthStatus:
            return HealthStatus("DOWN")

    class Real(HealthIndicator):
        async def health(self) -> HealthStatus:
            return HealthStatus("UP")

    container = Container()
    for cls in (Doctor, Controller, Real):
        container.register(cls)
    assert [name for name, _ in indicators_of(container)] == ["Real"]

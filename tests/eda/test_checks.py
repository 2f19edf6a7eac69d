"""What is wrong with events is found before anything is built."""

from collections.abc import Iterator

import pytest

from pyfly.container import BeanGraphError, component
from pyfly.eda import EventPublisher, event_listener, publish_result
from tests.context.support import context_of


@component
class Vague:
    @event_listener
    def listen(self, event) -> None: ...  # type: ignore[no-untyped-def]  # noqa: ANN001


@component
class Crowded:
    @event_listener("order.*")
    def listen(self, first: str, second: str) -> None: ...


@component
class Lazybones:
    @event_listener("order.*")
    def listen(self) -> Iterator[int]:
        yield 1


@pytest.mark.parametrize(
    ("listener", "complaint"),
    [
        (Vague, "It has no pattern, and its parameter is not annotated with a class."),
        (Crowded, "It has more than one parameter."),
        (Lazybones, "It is a generator, which a call does not run."),
    ],
)
async def test_a_listener_that_cannot_be_given_events_fails_the_start(listener: type, complaint: str) -> None:
    with pytest.raises(BeanGraphError) as raised:
        await context_of(listener).start()
    (problem,) = raised.value.problems
    assert problem.diagnosis.what.startswith(f"Listener {listener.__name__}.listen (")
    assert "test_checks.py" in problem.diagnosis.what
    assert problem.diagnosis.why == (complaint,)
    assert '@event_listener("order.*")' in problem.diagnosis.fix[1]


@component
class Shop:
    @publish_result("order.made")
    async def order(self) -> int:
        return 1


async def test_events_that_nobody_carries_fail_the_start() -> None:
    with pytest.raises(BeanGraphError) as raised:
        await context_of(Shop, settings={"pyfly.eda.enabled": False}).start()
    (problem,) = raised.value.problems
    assert problem.diagnosis.what.startswith("Shop.order (")
    assert problem.diagnosis.why[0].startswith("pyfly.eda.enabled is false")


async def test_an_application_without_events_needs_no_publisher() -> None:
    async with context_of(settings={"pyfly.eda.enabled": False}) as context:
        assert context.container.definitions_of(EventPublisher) == ()

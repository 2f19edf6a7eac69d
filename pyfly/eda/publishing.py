"""Functions whose calls publish events: the wrapper that does it, and the interceptor that puts it on beans."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from pyfly.container.interception import InterceptionOrder, MethodInterceptor, MethodTarget
from pyfly.container.metadata import record_of
from pyfly.container.providers import Provider
from pyfly.eda.payloads import argument_binder, plain
from pyfly.eda.ports.outbound import EventPublisher
from pyfly.eda.records import Publication, PublisherRecord, Timing

Method = Callable[..., Any]


class EventPublishingInterceptor(MethodInterceptor):
    """Publishes what ``@event_publisher`` and ``@publish_result`` say about the methods of beans.

    It surrounds the transaction of a method: what is published about a result has been committed.
    """

    order: ClassVar[int] = InterceptionOrder.TRANSACTION - 50

    def __init__(self, publishers: Provider[EventPublisher]) -> None:
        """Ask *publishers* for the publisher at each call."""
        self._publishers = publishers

    def intercept(self, target: MethodTarget) -> Callable[[Method], Method] | None:
        """Wrap *target* if it is marked."""
        said = record_of(target.function, PublisherRecord)
        if said is None:
            return None
        return lambda proceed: publishing(proceed, target.function, said.publications, self._publishers.get)


def publishing(
    proceed: Method,
    function: Method,
    publications: Sequence[Publication],
    publisher_of: Callable[[], EventPublisher],
) -> Method:
    """Return *proceed* with its events, for calls that have the signature of *function*."""
    before = [each for each in publications if each.timing in {Timing.BEFORE, Timing.BOTH}]
    after = [each for each in publications if each.timing in {Timing.AFTER, Timing.BOTH}]
    results = [each for each in publications if each.timing is None]
    bind = argument_binder(function)

    async def publish_all(wanted: list[Publication], payload: Callable[[], Any]) -> None:
        publisher = publisher_of()
        for each in wanted:
            await publisher.publish(each.destination, each.event_type, payload())

    async def with_events(*args: Any, **kwargs: Any) -> Any:
        arguments = bind(*args, **kwargs)
        if before:
            await publish_all(before, lambda: plain(arguments))
        result = await proceed(*args, **kwargs)
        if after:
            await publish_all(after, lambda: plain(arguments))
        if wanted := [each for each in results if each.condition is None or each.condition(result)]:
            await publish_all(
                wanted, lambda: dict(result) if isinstance(result, dict) else {"result": result}
            )
        return result

    return with_events

"""Subscribes the ``@event_listener`` methods of all beans when they are there, and ends it at the stop."""

from collections.abc import Callable, Iterator
from inspect import isawaitable
from typing import Any, ClassVar, Final

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.metadata import record_of, recorded_members
from pyfly.container.ordering import HIGHEST_PRECEDENCE
from pyfly.container.providers import Provider
from pyfly.container.records import BeanRecord
from pyfly.context.events import EventPhase, TransactionPhase, has_its_time
from pyfly.eda.handling import Wish, wish_of
from pyfly.eda.ports.outbound import EventPublisher
from pyfly.eda.records import ListenerRecord
from pyfly.eda.recovery import Recovery
from pyfly.eda.subscribing import Cancel, subscribe
from pyfly.eda.types import ErrorStrategy, EventEnvelope, EventHandler

Deliver = Callable[[EventEnvelope], Any]

_ENDS: Final = {
    EventPhase.BEFORE_COMMIT: "before_commit",
    EventPhase.AFTER_COMMIT: "commit",
    EventPhase.AFTER_ROLLBACK: "rollback",
    EventPhase.AFTER_COMPLETION: "completion",
}


class EventListeners:
    """The listener methods of the application's beans."""

    def __init__(
        self,
        container: Container,
        publishers: Provider[EventPublisher],
        transactions: Provider[TransactionPhase],
        recovery: Recovery,
    ) -> None:
        """Find listeners in *container*; *recovery* is for publishers that do not care for failures."""
        self._container = container
        self._publishers = publishers
        self._transactions = transactions
        self._recovery = recovery
        self._subscriptions: list[Cancel] = []

    def attach(self) -> None:
        """Subscribe every listener, those of one object once."""
        seen: set[int] = set()
        for definition in self._container.definitions():
            if definition.created:
                if id(definition.instance) in seen:
                    continue
                seen.add(id(definition.instance))
            for name, said in listener_methods(definition):
                self._attach(definition, name, said)

    def detach(self) -> None:
        """Deliver nothing more to any of them."""
        while self._subscriptions:
            self._subscriptions.pop()()

    def _attach(self, definition: BeanDefinition, name: str, said: ListenerRecord) -> None:
        function = getattr(bean_type(definition), name)
        wish = wish_of(function, said.wanted, is_method=True)
        handler: EventHandler = self._delivery(definition, name, wish)
        strategy, called = said.error_strategy, f"{definition.name}.{name}"
        own = record_of(function, BeanRecord)
        if said.phase is not EventPhase.IMMEDIATE:
            waiting = self._recovery.listener(handler, name=called, error_strategy=strategy)
            handler, strategy = self._deferring(waiting, said.phase), ErrorStrategy.FAIL_FAST
            called = f"{called}@{_ENDS[said.phase]}"
        self._subscriptions += subscribe(
            said.bus or self._publishers.get(),
            wish.wanted,
            handler,
            order=definition.order if own is None or own.order is None else own.order,
            error_strategy=strategy,
            name=called,
            recovery=self._recovery,
        )

    def _delivery(self, definition: BeanDefinition, name: str, wish: Wish) -> Deliver:
        if definition.created and definition.is_singleton:
            return wish.bind(getattr(definition.instance, name))

        async def deliver(envelope: EventEnvelope) -> None:
            bean = await self._container.aget(definition)
            result = wish.bind(getattr(bean, name))(envelope)
            if isawaitable(result):
                await result

        return deliver

    def _deferring(self, waiting: EventHandler, phase: EventPhase) -> Deliver:
        transactions = self._transactions.get_or_none()

        def deferred(envelope: EventEnvelope) -> Any:
            if has_its_time(transactions, phase, lambda: waiting(envelope)):
                return None
            return waiting(envelope)

        return deferred


class RunningEventListeners(EventListeners):
    """Attaches the listeners after the last singleton has been made, before the first bean is started.

    What is made has to be declared as ``EventListeners``: a bean that is known to have a lifecycle from
    its declaration would be started with the infrastructure, when there are no listeners yet.
    """

    phase: ClassVar[int] = HIGHEST_PRECEDENCE
    keeps_running: ClassVar[bool] = False

    async def start(self) -> None:
        """Attach all listeners."""
        self.attach()

    async def stop(self) -> None:
        """Detach them; every bean that could publish has been stopped."""
        self.detach()


def listener_methods(definition: BeanDefinition) -> Iterator[tuple[str, ListenerRecord]]:
    """Yield the names of the listener methods of a bean, with what their decorators say."""
    yield from recorded_members(bean_type(definition), ListenerRecord)


def bean_type(definition: BeanDefinition) -> type:
    """Return the class of the bean: that of the object itself where there is one already."""
    return type(definition.instance) if definition.created else definition.type

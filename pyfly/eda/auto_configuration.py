"""Chooses how events are carried: inside the application, unless it brings a publisher of its own."""

import sys

from pyfly import eda  # lazy packages: their names are loaded when an annotation below is first read
from pyfly.container.bean import bean
from pyfly.container.container import Container
from pyfly.container.providers import Provider
from pyfly.context.conditions import (
    Facts,
    Outcome,
    Pass,
    auto_configuration,
    conditional,
    conditional_on_missing_bean,
)
from pyfly.context.events import TransactionPhase
from pyfly.eda import adapters
from pyfly.eda.checks import EventsCheck


class OnEvents:
    """Holds when ``pyfly.eda.enabled`` is true, or is auto and somebody has imported events."""

    runs_in = Pass.BEANS

    def check(self, facts: Facts) -> Outcome:
        """Ask the setting first. Where the port has not been imported, nobody can publish or listen."""
        value = facts.property("pyfly.eda.enabled")
        said = "auto" if value is None else str(value).lower()
        if said != "auto":
            return Outcome(said in {"true", "1", "yes", "on"}, f"pyfly.eda.enabled is {said}")
        if "pyfly.eda.ports.outbound" in sys.modules:
            return Outcome(True, "pyfly.eda is imported")
        return Outcome(False, "pyfly.eda is not imported")

    def published(self) -> dict[str, object]:
        """Return the condition as other programs see it."""
        return {"type": "on_events", "key": "pyfly.eda.enabled"}


@auto_configuration(checks=(EventsCheck,))
class EventDeclarationsAutoConfiguration:
    """Checks what applications declare about events, whether or not there is a bus."""


@auto_configuration
@conditional(OnEvents())
class EventsAutoConfiguration:
    """The event bus, its dead letters, and what makes the decorators work on beans."""

    @bean
    @conditional_on_missing_bean("pyfly.eda.ports.outbound.DeadLetterStore")
    def dead_letter_store(self, properties: "eda.EdaProperties") -> "adapters.InMemoryDeadLetterStore":
        """Keep dead letters in memory."""
        return adapters.InMemoryDeadLetterStore(properties.dead_letters.capacity)

    @bean
    def dead_letters(self, store: "eda.DeadLetterStore") -> "eda.DeadLetters":
        """Look at dead letters, and replay them."""
        return eda.DeadLetters(store)

    @bean
    def event_recovery(
        self, properties: "eda.EdaProperties", dead_letters: "eda.DeadLetters"
    ) -> "eda.Recovery":
        """Carry out the error strategies."""
        retry = properties.retry
        backoff = eda.Backoff(
            max_attempts=retry.max_attempts,
            delay=retry.delay,
            multiplier=retry.multiplier,
            max_delay=retry.max_delay,
        )
        return eda.Recovery(dead_letters, properties.error_strategy, backoff)

    @bean(lazy=True)
    @conditional_on_missing_bean("pyfly.eda.ports.outbound.EventPublisher")
    def event_bus(self, recovery: "eda.Recovery") -> "adapters.InMemoryEventBus":
        """Carry events inside the application."""
        return adapters.InMemoryEventBus(recovery)

    @bean
    def event_listeners(
        self,
        container: Container,
        publishers: "Provider[eda.EventPublisher]",
        transactions: Provider[TransactionPhase],
        recovery: "eda.Recovery",
    ) -> "eda.EventListeners":
        """Subscribe the listener methods of beans, if there are any: what is not used is not started."""
        from pyfly.eda.listeners import EventListeners, RunningEventListeners, listener_methods

        used = any(True for each in container.definitions() for _ in listener_methods(each))
        chosen = RunningEventListeners if used else EventListeners
        return chosen(container, publishers, transactions, recovery)

    @bean
    def event_publishing_interceptor(
        self, publishers: "Provider[eda.EventPublisher]"
    ) -> "eda.EventPublishingInterceptor":
        """Make methods of beans publish events."""
        return eda.EventPublishingInterceptor(publishers)

"""Publishes what aggregates have recorded, once the transaction that saved them has committed."""

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from pyfly.data.ports.saving import SaveListener
from pyfly.data.transactions import after_commit
from pyfly.domain.model import AggregateRoot
from pyfly.eda.ports.outbound import EventPublisher


class AggregateEvents(SaveListener):
    """Takes the events of saved and deleted aggregates, and publishes them in order after the commit.

    A roll-back drops them. A publication that fails is logged; what was committed stays.
    """

    def __init__(self, publisher: Callable[[], Awaitable[EventPublisher]]) -> None:
        """Publish with what *publisher* returns, the publisher of the application."""
        self._publisher = publisher

    def concerns(self, entities: Iterable[object]) -> bool:
        """Return whether one of *entities* is an aggregate that has recorded something."""
        return any(isinstance(each, AggregateRoot) and each.has_events for each in entities)

    def saved(self, entities: Iterable[object]) -> None:
        """Take the events of *entities*, and publish them if the current transaction commits."""
        for entity in entities:
            if isinstance(entity, AggregateRoot):
                for event in entity.pull_events():
                    # One by one: an event that cannot be published must not cost the others their turn.
                    after_commit(partial(self._publish, event))

    async def _publish(self, event: object) -> None:
        await (await self._publisher()).publish(event)

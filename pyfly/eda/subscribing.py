"""Subscribing a handler to any publisher, with or without a notion of listeners of its own."""

from collections.abc import Callable, Sequence
from typing import Any

from pyfly.eda.ports.outbound import EventBus, EventPublisher
from pyfly.eda.recovery import Recovery
from pyfly.eda.types import ErrorStrategy, EventHandler, event_type_of

Cancel = Callable[[], None]


def subscribe(
    publisher: EventPublisher,
    wanted: Sequence[str | type],
    handler: EventHandler,
    *,
    order: int = 0,
    error_strategy: ErrorStrategy | None = None,
    name: str = "",
    recovery: Recovery | None = None,
) -> list[Cancel]:
    """Subscribe *handler* to patterns and classes, and return what ends the subscriptions.

    A publisher that is no ``EventBus`` knows patterns only: classes are subscribed by their event
    type, and failures are cared for by *recovery*, if given.
    """
    if isinstance(publisher, EventBus):
        return [
            publisher.listen(wanted, handler, order=order, error_strategy=error_strategy, name=name).cancel
        ]
    if recovery is not None:
        handler = recovery.listener(handler, name=name, order=order, error_strategy=error_strategy)
    patterns = [event_type_of(each) if isinstance(each, type) else each for each in wanted]
    return [_cancelling(publisher.subscribe(each, handler)) for each in patterns]


def _cancelling(subscription: Any) -> Cancel:
    cancel = getattr(subscription, "cancel", None)
    return cancel if callable(cancel) else _nothing


def _nothing() -> None:
    """Stand in where a subscription cannot be ended."""

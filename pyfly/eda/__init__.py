"""Events of the domain: published by anybody, delivered to the listeners of their type or pattern.

A listener is a bean method with :func:`event_listener`; the publisher is a bean of the type
:class:`EventPublisher`. What happens when a listener fails is its :class:`ErrorStrategy`.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.context.events import EventPhase as EventPhase
    from pyfly.context.events import TransactionPhase as TransactionPhase
    from pyfly.eda.correlation import correlated as correlated
    from pyfly.eda.correlation import current_event as current_event
    from pyfly.eda.dead_letters import DeadLetters as DeadLetters
    from pyfly.eda.decorators import event_listener as event_listener
    from pyfly.eda.decorators import event_publisher as event_publisher
    from pyfly.eda.decorators import publish_result as publish_result
    from pyfly.eda.exceptions import EventBusStoppedError as EventBusStoppedError
    from pyfly.eda.exceptions import UnknownDeadLetterError as UnknownDeadLetterError
    from pyfly.eda.listeners import EventListeners as EventListeners
    from pyfly.eda.ports.outbound import DeadLetterStore as DeadLetterStore
    from pyfly.eda.ports.outbound import EventBus as EventBus
    from pyfly.eda.ports.outbound import EventConsumer as EventConsumer
    from pyfly.eda.ports.outbound import EventPublisher as EventPublisher
    from pyfly.eda.ports.outbound import Subscription as Subscription
    from pyfly.eda.properties import EdaProperties as EdaProperties
    from pyfly.eda.publishing import EventPublishingInterceptor as EventPublishingInterceptor
    from pyfly.eda.recovery import Backoff as Backoff
    from pyfly.eda.recovery import Recovery as Recovery
    from pyfly.eda.types import DeadLetter as DeadLetter
    from pyfly.eda.types import ErrorStrategy as ErrorStrategy
    from pyfly.eda.types import EventEnvelope as EventEnvelope
    from pyfly.eda.types import EventHandler as EventHandler

__all__ = [
    "Backoff",
    "DeadLetter",
    "DeadLetterStore",
    "DeadLetters",
    "EdaProperties",
    "ErrorStrategy",
    "EventBus",
    "EventBusStoppedError",
    "EventConsumer",
    "EventEnvelope",
    "EventHandler",
    "EventListeners",
    "EventPhase",
    "EventPublisher",
    "EventPublishingInterceptor",
    "Recovery",
    "Subscription",
    "TransactionPhase",
    "UnknownDeadLetterError",
    "correlated",
    "current_event",
    "event_listener",
    "event_publisher",
    "publish_result",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "Backoff": "pyfly.eda.recovery",
        "DeadLetter": "pyfly.eda.types",
        "DeadLetterStore": "pyfly.eda.ports.outbound",
        "DeadLetters": "pyfly.eda.dead_letters",
        "EdaProperties": "pyfly.eda.properties",
        "ErrorStrategy": "pyfly.eda.types",
        "EventBus": "pyfly.eda.ports.outbound",
        "EventBusStoppedError": "pyfly.eda.exceptions",
        "EventConsumer": "pyfly.eda.ports.outbound",
        "EventEnvelope": "pyfly.eda.types",
        "EventHandler": "pyfly.eda.types",
        "EventListeners": "pyfly.eda.listeners",
        "EventPhase": "pyfly.context.events",
        "EventPublisher": "pyfly.eda.ports.outbound",
        "EventPublishingInterceptor": "pyfly.eda.publishing",
        "Recovery": "pyfly.eda.recovery",
        "Subscription": "pyfly.eda.ports.outbound",
        "TransactionPhase": "pyfly.context.events",
        "UnknownDeadLetterError": "pyfly.eda.exceptions",
        "correlated": "pyfly.eda.correlation",
        "current_event": "pyfly.eda.correlation",
        "event_listener": "pyfly.eda.decorators",
        "event_publisher": "pyfly.eda.decorators",
        "publish_result": "pyfly.eda.decorators",
    },
)

"""What events need from the outside: somebody who delivers them, and a place for those that failed.

A publisher delivers an event to the handlers whose pattern matches its type. A handler that fails
costs no other handler its turn. Cancellation is never swallowed.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.eda.ports.outbound import DeadLetterStore as DeadLetterStore
    from pyfly.eda.ports.outbound import EventBus as EventBus
    from pyfly.eda.ports.outbound import EventConsumer as EventConsumer
    from pyfly.eda.ports.outbound import EventPublisher as EventPublisher
    from pyfly.eda.ports.outbound import Subscription as Subscription

__all__ = ["DeadLetterStore", "EventBus", "EventConsumer", "EventPublisher", "Subscription"]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "DeadLetterStore": "pyfly.eda.ports.outbound",
        "EventBus": "pyfly.eda.ports.outbound",
        "EventConsumer": "pyfly.eda.ports.outbound",
        "EventPublisher": "pyfly.eda.ports.outbound",
        "Subscription": "pyfly.eda.ports.outbound",
    },
)

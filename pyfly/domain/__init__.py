"""Building blocks of a domain model: value objects, entities, aggregates, domain errors, state machines.

They depend on nothing but the kernel, so that a domain stays free of the framework's other parts.
"""

from typing import TYPE_CHECKING

from pyfly.kernel.lazy import lazy_exports

if TYPE_CHECKING:
    from pyfly.domain.errors import DomainError as DomainError
    from pyfly.domain.errors import IllegalTransitionError as IllegalTransitionError
    from pyfly.domain.model import AggregateRoot as AggregateRoot
    from pyfly.domain.model import Entity as Entity
    from pyfly.domain.model import ValueObject as ValueObject
    from pyfly.domain.states import Path as Path
    from pyfly.domain.states import State as State
    from pyfly.domain.states import StateEnum as StateEnum
    from pyfly.domain.states import StateMachine as StateMachine

__all__ = [
    "AggregateRoot",
    "DomainError",
    "Entity",
    "IllegalTransitionError",
    "Path",
    "State",
    "StateEnum",
    "StateMachine",
    "ValueObject",
]

__getattr__, __dir__ = lazy_exports(
    __name__,
    {
        "AggregateRoot": "pyfly.domain.model",
        "DomainError": "pyfly.domain.errors",
        "Entity": "pyfly.domain.model",
        "IllegalTransitionError": "pyfly.domain.errors",
        "Path": "pyfly.domain.states",
        "State": "pyfly.domain.states",
        "StateEnum": "pyfly.domain.states",
        "StateMachine": "pyfly.domain.states",
        "ValueObject": "pyfly.domain.model",
    },
)

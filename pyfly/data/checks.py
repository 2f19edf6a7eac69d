"""What is verified about ``@transactional`` before any bean is built."""

import sys
from collections.abc import Iterable, Iterator

from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import Problem, WiringError
from pyfly.container.interception import MethodKind, method_kind
from pyfly.container.metadata import record_of, recorded_members
from pyfly.kernel.diagnosis import Diagnosis


class TransactionalCheck(GraphCheck):
    """Reports methods that cannot be transactional, and transactions that nobody would manage."""

    def problems(self, container: Container) -> Iterable[WiringError]:
        """Yield one problem per wrong declaration."""
        if "pyfly.data.transactions" not in sys.modules:
            return  # Nobody can have used the decorator.
        from pyfly.data.transactions import TransactionManager

        has_manager = bool(container.definitions_of(TransactionManager))
        for definition in container.definitions():
            marked = list(_marked(definition))
            if marked and not has_manager:
                yield _unmanaged(definition)
            for name in marked:
                yield from _not_async(definition, name)


def _marked(definition: BeanDefinition) -> Iterator[str]:
    """Yield the marked methods of the bean's class, and an empty name if the class itself is marked."""
    from pyfly.data.transactions import TransactionOptions

    cls = definition.type
    if any(record_of(base, TransactionOptions) for base in cls.__mro__):
        yield ""
    for name, _options in recorded_members(cls, TransactionOptions):
        yield name


def _not_async(definition: BeanDefinition, name: str) -> Iterator[WiringError]:
    function = getattr(definition.type, name) if name else None
    if function is None or (kind := method_kind(function)) is MethodKind.ASYNC:
        return
    from pyfly.data.exceptions import InvalidTransactionalError

    failure = InvalidTransactionalError(
        f"{definition.type.__name__}.{name} ({origin_of(function)}) cannot be transactional.",
        f"It is a {kind.value} method; a transaction needs one that is awaited.",
        f"Write 'async def {name}', or take @transactional away.",
    )
    yield Problem(failure.diagnosis, failure)


def _unmanaged(definition: BeanDefinition) -> WiringError:
    return Problem(
        Diagnosis(
            f"{definition.type.__name__} ({definition.origin}) is @transactional, and there is no TransactionManager.",
            ("No data source is configured: pyfly.data.url is not set, or pyfly.data.enabled is false.",),
            (
                "Set pyfly.data.url, for example to sqlite:///app.db, or register your own TransactionManager.",
            ),
        )
    )

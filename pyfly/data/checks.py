"""What is verified about ``@transactional`` before any bean is built."""

import logging
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pyfly.container.checks import GraphCheck
from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition, origin_of
from pyfly.container.exceptions import Problem, WiringError
from pyfly.container.interception import MethodKind, method_kind
from pyfly.container.metadata import record_of, recorded_members
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.kernel.nearest import nearest

_SYNCHRONOUS: Final = frozenset({"sync", "transaction_sync"})

_log = logging.getLogger("pyfly.data")


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
                yield from _not_callable(definition, name)
            if "" in marked:
                yield from _left_out(definition)
            yield from _unknown_data_sources(definition, container)


def _marked(definition: BeanDefinition) -> Iterator[str]:
    """Yield the marked methods of the bean's class, and an empty name if the class itself is marked."""
    from pyfly.data.transactions import TransactionOptions

    cls = definition.type
    if any(record_of(base, TransactionOptions) for base in cls.__mro__):
        yield ""
    for name, _options in recorded_members(cls, TransactionOptions):
        yield name


def _not_callable(definition: BeanDefinition, name: str) -> Iterator[WiringError]:
    function = getattr(definition.type, name) if name else None
    if function is None or (kind := method_kind(function)) in (MethodKind.ASYNC, MethodKind.SYNC):
        return
    from pyfly.data.exceptions import InvalidTransactionalError

    failure = InvalidTransactionalError(
        f"{definition.type.__name__}.{name} ({origin_of(function)}) cannot be transactional.",
        f"It is a {kind.value} method, which is suspended while its caller does something else.",
        f"Return a list from {name}, or begin the transaction where its rows are used.",
    )
    yield Problem(failure.diagnosis, failure)


def _left_out(definition: BeanDefinition) -> Iterator[WiringError]:
    """Yield a problem for each plain method that uses the database and that the mark on its class does not reach.

    Of others it is only likely, so they are warned of.
    """
    from pyfly.data.exceptions import InvalidTransactionalError
    from pyfly.data.interceptor import left_out

    cls = definition.type
    is_likely = _is_synchronous(getattr(cls, "__init__"))  # noqa: B009  # type checkers see an instance
    for name, function in left_out(cls):
        what = f"{cls.__name__}.{name} ({origin_of(function)}) is not transactional, although its class is marked."
        if _is_synchronous(function):
            failure = InvalidTransactionalError(
                what,
                "It is a plain method, and of a class that has async ones the mark means those alone.",
                f"Mark {name} @transactional as well; if it is to run without, say so: Propagation.SUPPORTS.",
            )
            yield Problem(failure.diagnosis, failure)
        elif is_likely:
            _log.warning(
                "%s It is a plain method; mark it @transactional as well if it uses the database.", what
            )


def _is_synchronous(function: Any) -> bool:
    """Return whether the code of *function* mentions the side of data that is for plain code."""
    names = getattr(getattr(function, "__code__", None), "co_names", ())
    return not _SYNCHRONOUS.isdisjoint(names)


def _unknown_data_sources(definition: BeanDefinition, container: Container) -> Iterator[WiringError]:
    """Yield a problem for each data source that a transaction of the bean names and that does not exist."""
    from pyfly.data.naming import manager_name
    from pyfly.data.transactions import TransactionManager, TransactionOptions

    cls = definition.type
    said = [record for base in cls.__mro__ if (record := record_of(base, TransactionOptions))]
    said += [record for _name, record in recorded_members(cls, TransactionOptions)]
    for name in dict.fromkeys(each.datasource for each in said if each.datasource):
        if container.definition(manager_name(name)) is None:
            suffix = manager_name("")
            managers = (each.name for each in container.definitions_of(TransactionManager))
            known = tuple(each.removesuffix(suffix) for each in managers if each.removesuffix(suffix) != each)
            meant = nearest(name, known)
            yield Problem(
                Diagnosis(
                    f"{cls.__name__} ({definition.origin}) is @transactional in data source '{name}', which is not configured.",
                    (f"Known are: {', '.join(known) or 'none besides the default one'}.",),
                    (
                        f"Did you mean '{meant}'?"
                        if meant
                        else f"Describe it under pyfly.data.datasources.{name}.",
                    ),
                )
            )


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

"""The one door through which stores tell hooks of their statements."""

from collections.abc import Iterable
from typing import Any, Final

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.core.config import ConfigurationError
from pyfly.data.hooks.lazy_loads import LazyLoadHook
from pyfly.data.hooks.leaks import LeakHook
from pyfly.data.hooks.presets import PRESETS, plain_name
from pyfly.data.hooks.properties import HookEnabled, StatementProperties
from pyfly.data.ports.statements import SqlHook, SqlStatement
from pyfly.data.repetition import attempt
from pyfly.data.transaction_scope import innermost
from pyfly.kernel.clock import Clock, SystemClock
from pyfly.kernel.correlation import correlation_id

_NOTHING: Final[tuple[SqlHook, ...]] = ()
_KINDS: Final = (SqlHook, LeakHook, LazyLoadHook)


class Hooks:
    """The ``SqlHook`` beans of an application, in their order.

    A store asks once, when it connects, whether there are any (they are false if not); where there are none it has
    nothing to do. Else it calls :meth:`statement` and :meth:`before`, sends, and calls :meth:`after` or :meth:`error`.
    """

    def __init__(
        self, container: Container, properties: StatementProperties | None = None, clock: Clock | None = None
    ) -> None:
        """Find the hooks in *container* when they are first needed; *properties* may leave some out.

        Raises:
            ConfigurationError: *properties* name a hook that there is not.
        """
        self._container = container
        self._now = (clock or SystemClock()).monotonic
        self._hooks = _NOTHING
        said = (properties or StatementProperties()).hooks
        self._said = {plain_name(name): hook.enabled for name, hook in said.items()}
        self._require_known(said)
        self._definitions: list[BeanDefinition] | None = self._left_in(SqlHook)

    def __bool__(self) -> bool:
        return bool(self._hooks or self._definitions)

    def statement(self, datasource: str, text: str, parameters: Any) -> SqlStatement:
        """Describe what is about to be sent to *datasource*, in the transaction and for the request of this context."""
        unit = innermost()
        transaction = None if unit is None or unit.transaction is None else unit.transaction.number
        return SqlStatement(datasource, text, parameters, transaction, attempt.get(), correlation_id())

    def before(self, statement: SqlStatement) -> None:
        """Tell the hooks that *statement* will be sent. What they raise prevents it."""
        statement.started = self._now()  # Not every store refrains from sending when a hook raises.
        for hook in self._found():
            hook.before(statement)

    def after(self, statement: SqlStatement, rows: int = -1) -> None:
        """Tell the hooks that *statement* has succeeded, with the number of *rows* if the driver knows it."""
        statement.seconds = self._now() - statement.started
        statement.rows = rows
        for hook in self._found():
            hook.after(statement)

    def error(self, statement: SqlStatement, failure: BaseException) -> None:
        """Tell the hooks that *statement* was refused with *failure*."""
        statement.seconds = self._now() - statement.started
        for hook in self._found():
            hook.error(statement, failure)

    def enabled(self, kind: type) -> list[Any]:
        """Return the hooks of *kind*, which are told of other things than statements, but for those left out."""
        return [self._container.get(each) for each in self._left_in(kind)]

    def said(self, name: str) -> HookEnabled:
        """Return what the configuration says of the hook called *name*."""
        return self._said.get(plain_name(name), HookEnabled.AUTO)

    def _found(self) -> tuple[SqlHook, ...]:
        if self._definitions is not None:
            # Presets come with the framework, after the beans of the application: they see what others leave.
            self._hooks = tuple(self._container.get(each) for each in self._definitions)
            self._definitions = None
        return self._hooks

    def _left_in(self, kind: type) -> list[BeanDefinition]:
        found = self._container.definitions_of(kind)
        return [each for each in found if self.said(each.name) is not HookEnabled.FALSE]

    def _require_known(self, names: Iterable[str]) -> None:
        beans = [each.name for kind in _KINDS for each in self._container.definitions_of(kind)]
        known = {*map(plain_name, beans), *map(plain_name, PRESETS)}
        for name in names:
            if plain_name(name) not in known:
                raise _unknown(name, [*PRESETS, *beans])


def _unknown(name: str, known: list[str]) -> ConfigurationError:
    names = ", ".join(dict.fromkeys(known))
    return ConfigurationError(
        f"There is no hook '{name}'",
        key=f"pyfly.data.hooks.{name}",
        expected=names,
        fix=f"Name one of {names}.",
    )

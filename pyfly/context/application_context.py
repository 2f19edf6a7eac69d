"""The application context: a container with a life."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import BeanCreationException, WiringError
from pyfly.container.scopes import ActiveScope
from pyfly.container.types import Scope, ScopeName
from pyfly.context.environment import Environment
from pyfly.context.events import ApplicationEventBus
from pyfly.context.post_processor import BeanPostProcessor
from pyfly.context.report import StartupReport
from pyfly.context.state import ContextStateError

if TYPE_CHECKING:
    from pyfly.context.interruption import Interruption
    from pyfly.context.run import Run
    from pyfly.core.config.config import Config

T = TypeVar("T")


class ContextState(Enum):
    """Where a context stands in its life."""

    NEW = "new"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"


class ApplicationContext:
    """Holds the beans of an application and starts and stops them.

    Use it as an async context manager, or call :meth:`start` and :meth:`stop`. The configuration,
    the environment, the event bus and the context itself are beans.
    """

    def __init__(self, config: Config) -> None:
        """Prepare a context; nothing is built before :meth:`start`."""
        self._container = Container()
        self._environment = Environment(config)
        self._events = ApplicationEventBus()
        self._config = config
        self._processors: list[BeanPostProcessor] = []
        self._edits: list[Callable[[], list[WiringError]]] = []
        self._report = StartupReport()
        self._run: Run | None = None
        self._starting: Interruption | None = None
        self._state = ContextState.NEW
        own = (config, self._environment, self._events, self._container, self)
        self._own = frozenset(self._container.register_instance(bean) for bean in own)

    # Before the start

    def register_bean(
        self, cls: type, *, name: str = "", scope: ScopeName = Scope.SINGLETON
    ) -> BeanDefinition:
        """Register *cls* as a bean; what its decorators say beats *scope*."""
        return self._container.register(cls, scope=scope, name=name)

    def register_post_processor(self, processor: BeanPostProcessor) -> None:
        """Let *processor* see every bean, besides the post-processors that are beans themselves."""
        self._processors.append(processor)

    def before_check(self, edit: Callable[[], list[WiringError]]) -> None:
        """Call *edit* once all definitions are known and about to be checked.

        Args:
            edit: May add and remove definitions; the mistakes that it returns are reported with all others.
        """
        self._edits.append(edit)

    def check(self) -> None:
        """Take a context that has not been started as far as the check of its graph; build nothing.

        Raises:
            BeanGraphError: With every mistake found.
            ContextStateError: The context has been started already.
        """
        if self._state is not ContextState.NEW:
            raise ContextStateError(f"the context cannot be checked: it is {self._state.value}")
        from pyfly.context.startup import check  # loaded with the start

        self._state = ContextState.STOPPED
        check(self._new_run(()))

    # Parts

    @property
    def container(self) -> Container:
        """The container with all definitions."""
        return self._container

    @property
    def config(self) -> Config:
        """The configuration."""
        return self._config

    @property
    def environment(self) -> Environment:
        """The active profiles and properties."""
        return self._environment

    @property
    def event_bus(self) -> ApplicationEventBus:
        """Where application events are published."""
        return self._events

    @property
    def state(self) -> ContextState:
        """Where the context stands in its life."""
        return self._state

    @property
    def is_ready(self) -> bool:
        """Whether start-up is complete and no stop has begun."""
        return self._run is not None and self._run.is_ready

    @property
    def has_work(self) -> bool:
        """Whether something goes on after the start: any bean that was started and not stopped.

        Beans with ``keeps_running = False`` do nothing on their own and do not count.
        """
        return self._run is not None and any(
            getattr(each.bean, "keeps_running", True) for each in self._run.started
        )

    @property
    def report(self) -> StartupReport:
        """How long each phase of the start took, and what every condition decided."""
        return self._report

    @property
    def providers(self) -> dict[str, str]:
        """The provider that auto-configuration chose for each subsystem."""
        return self._run.engine.results if self._run is not None else {}

    @property
    def bean_count(self) -> int:
        """How many beans exist."""
        return sum(1 for definition in self._container.definitions() if definition.created)

    # Life

    async def start(self, arguments: tuple[str, ...] = ()) -> None:
        """Check everything, then create and start all beans.

        Starting a context that runs does nothing.

        Args:
            arguments: The command line, for ``CommandLineRunner`` beans.

        Raises:
            BeanCreationException: Something is wrong; all of it is told, and all that had been
                started is stopped again.
            ContextStateError: The context has been stopped before, or while it started; make a new one.
        """
        if self._state is ContextState.RUNNING:
            return
        if self._state is not ContextState.NEW:
            raise ContextStateError(f"the context cannot be started: it is {self._state.value}")
        from pyfly.context.interruption import InterruptedStartError, Interruption  # loaded with the start

        self._state = ContextState.STARTING
        try:
            with Interruption() as self._starting:
                await self._do_start(arguments)
        except BaseException as error:
            self._state = ContextState.STOPPED
            if isinstance(error, InterruptedStartError):
                raise ContextStateError("the context was stopped while it was starting") from error.__cause__
            if isinstance(error, BeanCreationException) or not isinstance(error, Exception):
                raise
            raise BeanCreationException("startup", "unknown", str(error)) from error
        self._state = ContextState.RUNNING

    def refuse_traffic(self) -> None:
        """Say that a stop is about to begin: the application is not ready from now on, though it still works."""
        if self._run is not None:
            self._run.is_ready = False

    async def stop(self) -> None:
        """Stop what was started, dependants first, and return when that is done, whoever asked first.

        A start under way is cancelled and undone. Stopping a context that does not run does nothing.
        Called by a bean that is being started or stopped itself, it returns at once: the stop
        follows, or goes on, when that bean has returned.
        """
        if self._run is None or self._state in (ContextState.NEW, ContextState.STOPPED):
            return
        from pyfly.context.shutdown import is_inside_stop, stop  # loaded with the start

        if is_inside_stop(self._run):
            return
        if self._state is ContextState.STARTING:
            if self._starting is not None:
                await self._starting.interrupt(cancel=not self._run.is_stopping)
            return
        self._state = ContextState.STOPPING
        try:
            await stop(self._run)
        finally:
            if self._run.is_stopped:
                self._state = ContextState.STOPPED

    async def _do_start(self, arguments: tuple[str, ...] = ()) -> None:
        from pyfly.context.startup import start  # nothing of the start is loaded before there is one

        self._run = self._new_run(arguments)
        self._run.starting = self._starting
        await start(self._run)

    def _new_run(self, arguments: tuple[str, ...]) -> Run:
        from pyfly.context.run import Run  # loaded with the start

        run = Run(self._config, self._environment, self._container, self._events, self._report)
        run.own = self._own
        run.processors = self._processors
        run.edits = self._edits
        run.arguments = arguments
        return run

    def __call__(self) -> Self:
        """Return the context itself: ``async with app.context() as context:`` reads like any factory."""
        return self

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def __del__(self) -> None:
        if getattr(self, "_state", None) is ContextState.RUNNING:
            warnings.warn(
                "an ApplicationContext was started and never stopped", ResourceWarning, stacklevel=1
            )

    # Beans

    def get_bean(self, bean_type: type[T]) -> T:
        """Return the bean of *bean_type*. Raises as :meth:`Container.resolve`."""
        return self._container.resolve(bean_type)

    async def aget_bean(self, bean_type: type[T]) -> T:
        """Return the bean of *bean_type*, awaiting async factories."""
        return await self._container.aresolve(bean_type)

    def get_bean_by_name(self, name: str) -> Any:
        """Return the bean called *name*.

        Raises:
            NoSuchBeanError: No bean has this name.
        """
        return self._container.resolve_by_name(name)

    def contains_bean(self, name: str) -> bool:
        """Say whether a bean is called *name*."""
        return self._container.contains(name)

    def get_beans_of_type(self, bean_type: type[T]) -> list[T]:
        """Return every bean assignable to *bean_type*, by ``@order``."""
        return self._container.resolve_all(bean_type)

    def request_scope(self) -> ActiveScope:
        """Return a request scope for use outside the web layer: ``async with context.request_scope():``."""
        return self._container.scope(Scope.REQUEST)

    async def refresh_config(self) -> tuple[str, ...]:
        """Read the configuration again, rebind refreshable properties and publish ``ConfigChangedEvent``.

        Returns:
            The keys whose values have changed.
        """
        from pyfly.context.refreshing import refresh  # only for those who refresh

        if self._run is None:
            raise ContextStateError("the context cannot be refreshed: it has not been started")
        return await refresh(self._run)

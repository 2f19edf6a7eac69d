"""An application under test: its own settings, its own beans where wanted, and overrides while it runs."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from pyfly.container.container import Container
from pyfly.container.definition import BeanDefinition
from pyfly.container.exceptions import BeanGraphError, NoSuchBeanError
from pyfly.container.ordering import LOWEST_PRECEDENCE, order
from pyfly.container.scanner import scan_package
from pyfly.context.application_context import ApplicationContext, ContextState
from pyfly.context.environment import Environment
from pyfly.context.events import ApplicationEventBus
from pyfly.core.application import PyFlyApplication
from pyfly.core.config.config import Config
from pyfly.core.failure import failure_report
from pyfly.kernel.diagnosis import Diagnosis
from pyfly.testing.events import RecordedEvents, Recorder
from pyfly.testing.overlay import (
    Override,
    OverrideError,
    answering,
    answering_bean,
    make_overridable,
    original_of,
)
from pyfly.testing.replacements import Replacements
from pyfly.testing.settings import profile_settings, settings_of

T = TypeVar("T")
F = TypeVar("F")

_QUIET: Final = ("--pyfly.banner.mode=OFF",)
_NEVER_OVERRIDDEN: Final = (
    Config,
    Environment,
    ApplicationEventBus,
    Container,
    ApplicationContext,
    PyFlyApplication,
)


class PyFlyTest(PyFlyApplication):
    """An application for tests. Start it with ``async with``, or through the fixture ``pyfly_app``.

    Beans may be replaced before the start (*overrides*: what is replaced is never built) and
    overridden while it runs (:meth:`override`: nothing is built again).
    """

    def __init__(
        self,
        app_class: type,
        *,
        config_path: str | Path | None = None,
        profiles: Sequence[str] = (),
        properties: Mapping[str, Any] | None = None,
        overrides: Mapping[Any, Any] | None = None,
        packages: Sequence[str] = (),
        args: Sequence[str] = (),
    ) -> None:
        """Load the configuration and find the beans; nothing is built yet.

        Args:
            app_class: The class marked with ``@pyfly_application``.
            config_path: A configuration file, or the directory that holds it.
            profiles: The active profiles, instead of the configured ones.
            properties: Configuration that wins over files, environment and command line.
            overrides: Objects, or classes to make them of, by the type or name of the bean that
                they replace.
            packages: Packages to scan besides those of the application, for beans of the tests.
            args: The command line.
        """
        settings = (*_QUIET, *profile_settings(tuple(profiles)), *settings_of(properties or {}))
        super().__init__(app_class, config_path, (*args, *settings))
        self.args = tuple(args)
        container = self.context.container
        for package in packages:
            scan_package(package, container)
        replacements = Replacements(self.config, container, overrides or {})
        self.context.before_check(replacements.apply)
        self.context.register_post_processor(_StandIns(container))
        self._recorder = Recorder(self.context)

    async def __aenter__(self) -> Self:
        await self.startup()
        return self

    def get_bean(self, bean_type: type[T], *, name: str = "") -> T:
        """Return the bean of *bean_type*, or the fake that overrides it here."""
        found: T = answering_bean(self.context.container.get(self._definition(bean_type, name)))
        return found

    def override(
        self, bean_type: type[Any], fake: F, *, name: str = "", everywhere: bool = False
    ) -> Override[F]:
        """Let *fake* answer for a bean inside ``with app.override(T, fake) as fake:`` or ``async with``.

        Everybody who holds the bean sees the fake, but only in this task or thread and in the tasks
        it starts: tests that run at the same time do not disturb each other. Of a bean that is no
        singleton, the instances made inside the block are overridden.

        Args:
            bean_type: The type by which the bean is injected.
            fake: What answers instead.
            name: The name, which is also the qualifier, of the bean where several fit.
            everywhere: Also for tasks and threads that run already, such as those of a server.

        Raises:
            NoSuchBeanError: Nothing fits.
            NoUniqueBeanError: Several fit; say which one with *name*.
            OverrideError: The application does not run, or objects of this class cannot be overridden.
        """
        if self.context.state is not ContextState.RUNNING:
            raise OverrideError(_not_running(bean_type))
        definition = self._definition(bean_type, name)
        if not definition.is_singleton:
            return Override(definition, fake, everywhere=everywhere)
        bean = self.context.container.get(definition)
        if isinstance(bean, _NEVER_OVERRIDDEN) or not make_overridable(bean):
            raise OverrideError(_not_overridable(definition, bean))
        return Override(bean, fake, everywhere=everywhere)

    def original(self, bean_type: type[T], *, name: str = "") -> T:
        """Return the bean whatever overrides it, for fakes that pass calls on.

        It is another object with the same state.

        Raises:
            TypeError: The class of the bean keeps attributes in slots.
        """
        found: T = original_of(self.context.container.get(self._definition(bean_type, name)))
        return found

    def record_events(self) -> AbstractContextManager[RecordedEvents]:
        """Record the application events that this task or thread publishes inside the block."""
        return self._recorder.recording()

    def _definition(self, bean_type: Any, name: str) -> BeanDefinition:
        container = self.context.container
        if not name:
            return container.select(bean_type)
        definition = container.definition(name)
        if definition is None:
            container.resolve_by_name(name)  # raises, with everything that is known about the name
        elif bean_type in (object, Any) or definition in container.definitions_of(bean_type):
            return definition
        raise NoSuchBeanError(
            Diagnosis(f"The bean named '{name}' is not a {getattr(bean_type, '__qualname__', bean_type)}.")
        )


def check_application(
    app_class: type,
    *,
    config_path: str | Path | None = None,
    profiles: Sequence[str] = (),
    properties: Mapping[str, Any] | None = None,
    overrides: Mapping[Any, Any] | None = None,
    packages: Sequence[str] = (),
) -> None:
    """Check wiring and configuration as a start would, without building a single bean.

    The arguments are those of :class:`PyFlyTest`.

    Raises:
        BeanGraphError: Something is wrong; the notes of the error hold the whole report.
    """
    application = PyFlyTest(
        app_class,
        config_path=config_path,
        profiles=profiles,
        properties=properties,
        overrides=overrides,
        packages=packages,
    )
    try:
        application.context.check()
    except BeanGraphError as failure:
        failure.add_note(failure_report(failure))
        raise


@order(LOWEST_PRECEDENCE)
class _StandIns:
    """Makes every singleton overridable, last of all post-processors, and hands out fakes of the others."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def before_init(self, bean: Any, bean_name: str) -> Any:
        return bean

    def after_init(self, bean: Any, bean_name: str) -> Any:
        definition = self._container.definition(bean_name)
        if definition is not None and not definition.is_singleton:
            return answering(definition, bean)
        if not isinstance(bean, _NEVER_OVERRIDDEN):
            make_overridable(bean)
        return bean


def _not_running(bean_type: Any) -> Diagnosis:
    return Diagnosis(
        f"{getattr(bean_type, '__qualname__', bean_type)} cannot be overridden: the application does not run.",
        (),
        (
            "Start it first: `async with app:`.",
            "Replace the bean before the start: PyFlyTest(App, overrides={...}).",
        ),
    )


def _not_overridable(definition: BeanDefinition, bean: Any) -> Diagnosis:
    return Diagnosis(
        f"Bean '{definition.name}' cannot be overridden while the application runs.",
        (f"Objects of class {type(bean).__qualname__} cannot be given another class.",),
        ("Replace the bean before the start: PyFlyTest(App, overrides={...}).",),
    )

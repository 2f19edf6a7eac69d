"""Started applications, shared by the tests that ask for the same one."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from pyfly.kernel.record import Record, attribute
from pyfly.testing.application import PyFlyTest
from pyfly.testing.settings import settings_of


class ApplicationSpec(Record, kw_only=True):
    """Which application a test wants; the fields are the arguments of ``PyFlyTest``."""

    app_class: type
    config_path: str | None = None
    profiles: tuple[str, ...] = ()
    properties: Mapping[str, Any] = attribute(default_factory=dict)
    overrides: Mapping[Any, Any] = attribute(default_factory=dict)
    packages: tuple[str, ...] = ()

    @property
    def key(self) -> Hashable:
        """What two specifications of the same application have in common."""
        replaced = tuple(
            sorted((str(wanted), id(wanted), id(value)) for wanted, value in self.overrides.items())
        )
        settings = tuple(sorted(settings_of(self.properties)))
        return (self.app_class, self.config_path, self.profiles, settings, replaced, self.packages)

    def build(self) -> PyFlyTest:
        """Return a new application, not yet started."""
        return PyFlyTest(
            self.app_class,
            config_path=self.config_path,
            profiles=self.profiles,
            properties=self.properties,
            overrides=self.overrides,
            packages=self.packages,
        )


class ApplicationCache:
    """The applications of one event loop: each is started once, when it is first asked for."""

    def __init__(self, on_start: Callable[[Hashable], None] = lambda _: None) -> None:
        """Start with none; *on_start* is told the key of each that is started."""
        self._on_start = on_start
        self._running: dict[Hashable, PyFlyTest] = {}
        self._failed: dict[Hashable, BaseException] = {}
        self._specs: list[ApplicationSpec] = []

    async def get(self, spec: ApplicationSpec) -> PyFlyTest:
        """Return the started application of *spec*. One that did not start is not tried again."""
        key = spec.key
        if key in self._failed:
            raise self._failed[key].with_traceback(None)
        if key not in self._running:
            # What the key identifies by address must live as long as the key.
            self._specs.append(spec)
            self._on_start(key)
            application = spec.build()
            try:
                await application.startup()
            except Exception as failure:
                self._failed[key] = failure
                raise
            self._running[key] = application
        return self._running[key]

    async def close(self) -> None:
        """Stop all of them, the last started first."""
        while self._running:
            _, application = self._running.popitem()
            await application.shutdown()

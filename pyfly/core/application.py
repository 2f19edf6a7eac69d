"""The application: an entry class, its configuration, its context, and the ways to run them."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

import pyfly.config.normalize  # noqa: F401  # its normalizers apply from now on
from pyfly import __version__
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.metadata import published, record, record_of
from pyfly.container.scanner import scan_package
from pyfly.context.application_context import ApplicationContext
from pyfly.context.state import ContextStateError
from pyfly.core.asgi import ApplicationServer, AsgiApplication, LifespanApp
from pyfly.core.banner import BannerPrinter
from pyfly.core.config.config import Config
from pyfly.core.config.shipped import DEFAULTS_FILE
from pyfly.core.failure import failure_report
from pyfly.core.garbage import settled_heap
from pyfly.core.loops import loop_factory
from pyfly.core.sockets import interfaces
from pyfly.kernel.record import Record
from pyfly.logging.event_logger import EventLogger
from pyfly.logging.structlog_adapter import StructlogAdapter

C = TypeVar("C", bound=type)

_CANDIDATES: Final = ("pyfly.yaml", "pyfly.toml", "config/pyfly.yaml", "config/pyfly.toml")


class ApplicationRecord(Record, kw_only=True):
    """What ``@pyfly_application`` says about an entry class."""

    name: str = published("__pyfly_app_name__", default="pyfly-app", always=True)
    version: str = published("__pyfly_app_version__", default="0.1.0", always=True)
    scan_packages: tuple[str, ...] = published(
        "__pyfly_scan_packages__", default=(), always=True, convert=list
    )
    description: str = published("__pyfly_app_description__", default="", always=True)
    scan_exclude: tuple[str, ...] = ()


def pyfly_application(
    name: str,
    version: str = "0.1.0",
    scan_packages: Sequence[str] | None = None,
    description: str = "",
    *,
    scan_exclude: Sequence[str] = (),
) -> Callable[[C], C]:
    """Mark a class as the entry of an application.

    Args:
        name: The application's name; ``pyfly.app.name`` in the configuration wins.
        version: Its version.
        scan_packages: Packages, or modules, whose decorated classes become beans.
        description: One sentence about it.
        scan_exclude: Globs of the names of modules in *scan_packages* that are not imported, such as
            ``"shop.migrations.*"``.
    """

    def mark(cls: C) -> C:
        record(
            cls,
            ApplicationRecord,
            name=name,
            version=version,
            scan_packages=tuple(scan_packages or ()),
            description=description,
            scan_exclude=tuple(scan_exclude),
        )
        return cls

    return mark


class PyFlyApplication:
    """Reads the configuration, scans the packages and gives the context of an entry class a life.

    Run it with :meth:`run`, serve :meth:`asgi` with any ASGI server, or use it as an async context
    manager in scripts and tests.
    """

    def __init__(
        self, app_class: type, config_path: str | Path | None = None, args: Sequence[str] = ()
    ) -> None:
        """Load the configuration and find the beans; nothing is built yet.

        What goes wrong is printed as a report before it is raised.

        Args:
            app_class: The class marked with :func:`pyfly_application`.
            config_path: A configuration file, or the directory that holds it; by default the
                working directory.
            args: The command line; ``--key=value`` sets configuration.

        Raises:
            ConfigurationError: The configuration cannot be read.
            ScanError: A module of a scanned package cannot be imported.
        """
        try:
            self._prepare(record_of(app_class, ApplicationRecord) or ApplicationRecord(), config_path, args)
        except Exception as failure:
            _print_report(failure)
            raise

    def _prepare(self, said: ApplicationRecord, config_path: str | Path | None, args: Sequence[str]) -> None:
        self.config = self._load_config(config_path, args)
        self.name: str = str(self._setting("pyfly.app.name", said.name))
        self.version: str = str(self._setting("pyfly.app.version", said.version))
        self.description: str = str(self._setting("pyfly.app.description", said.description))
        self.args = tuple(args)
        self.startup_time_seconds = 0.0
        self._logging = StructlogAdapter()
        self._logging.configure(self.config)
        self._log = EventLogger("pyfly.core")
        self._context = ApplicationContext(self.config)
        self._context.container.register_instance(self, PyFlyApplication)
        self._scanned = self._scan(said)
        self._route_metadata: Sequence[Any] = ()
        self._docs_enabled = False
        self._host: str | None = None
        self._port: int | None = None

    @property
    def context(self) -> ApplicationContext:
        """The context with the beans, before and after the start."""
        return self._context

    async def startup(self) -> None:
        """Print the banner and start the context.

        Raises:
            BeanCreationException: The start failed; the report has been printed, and whatever had
                been started has been stopped.
        """
        began = time.perf_counter()
        try:
            self._print_banner()
            self._log_beginning()
            await self._context.start(self.args)
            routes, docs_enabled = self._web_metadata()
        except Exception as failure:
            self._report(failure)
            await self._context.stop()
            raise
        self.startup_time_seconds = time.perf_counter() - began
        self._log.info(
            "application_started",
            app=self.name,
            startup_time_s=round(self.startup_time_seconds, 3),
            beans_initialized=self._context.bean_count,
        )
        self._log_routes(routes, docs_enabled=docs_enabled)

    async def shutdown(self) -> None:
        """Stop the context; stopping one that does not run does nothing."""
        self._log.info("shutting_down", app=self.name)
        await self._context.stop()

    async def __aenter__(self) -> Self:
        await self.startup()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.shutdown()

    def asgi(self) -> AsgiApplication:
        """Return the ASGI app whose lifespan starts and stops this application."""
        return LifespanApp(self, self._web_application)

    def run(self) -> None:
        """Start, serve or wait until SIGINT or SIGTERM, and stop.

        An application with controllers is served, by several processes if ``pyfly.web.workers`` says so. One
        without, such as a worker, runs until it is told to stop; one whose work is done by runners ends when they
        have finished. Told again while it stops, it does not wait for requests in progress.

        Raises:
            SystemExit: With code 1 when the start failed, after its report was printed.
        """
        workers = self.config.get("pyfly.web.workers", 1, type=int)
        if workers > 1 and hasattr(os, "fork"):
            self._run_workers(workers)
        else:
            self._run_here()

    def _run_workers(self, count: int) -> None:
        from pyfly.core.workers import served_by_workers  # only for those who have some

        try:
            code = served_by_workers(self.config, count, self._run_here)
        except BeanCreationException as failure:
            self._report(failure)
            raise SystemExit(1) from None
        if code:
            raise SystemExit(code)

    def _run_here(self, ready: Callable[[], None] | None = None) -> None:
        try:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(self._run(ready))
        except (BeanCreationException, ContextStateError):
            raise SystemExit(1) from None

    async def _run(self, ready: Callable[[], None] | None = None) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._told_to_stop, task)
        try:
            await self.startup()
            with settled_heap():
                await self._work(ready)
        except asyncio.CancelledError:
            task.uncancel()
        finally:
            # Told again while stopping: by the time this is raised, everything has had its turn.
            with contextlib.suppress(asyncio.CancelledError):
                await self.shutdown()

    def _told_to_stop(self, task: "asyncio.Task[None]") -> None:
        self._context.refuse_traffic()
        task.cancel()

    async def _work(self, ready: Callable[[], None] | None) -> None:
        def listening(url: str) -> None:
            host = str(self.config.get("pyfly.web.host", "") or "")
            self._log.info("listening", url=url, **interfaces(host))
            if ready is not None:
                ready()

        container = self._context.container
        if container.definitions_of(ApplicationServer) and container.definitions_of(AsgiApplication):
            server = await self._context.aget_bean(ApplicationServer)  # type: ignore[type-abstract]
            try:
                await server.serve(self._web_application(), started=listening)
            except BeanCreationException as failure:
                self._report(failure)
                raise
        elif self._context.has_work:
            if ready is not None:
                ready()
            await asyncio.Event().wait()

    def _web_application(self) -> AsgiApplication:
        return self._context.get_bean(AsgiApplication)  # type: ignore[type-abstract]

    def _scan(self, said: ApplicationRecord) -> dict[str, int]:
        """Register the classes of the packages; a module that would make an application like this is not imported."""
        served = str(self.config.get("pyfly.app.module") or "").partition(":")[0]
        # One that is being imported makes this very application, and may define beans as any other does.
        exclude = said.scan_exclude if not served or served in sys.modules else (*said.scan_exclude, served)
        container = self._context.container
        return {name: scan_package(name, container, exclude=exclude) for name in said.scan_packages}

    def _setting(self, key: str, said: str) -> object:
        """The configured value, unless only the framework's default is configured."""
        is_default = self.config.origin(key).startswith(DEFAULTS_FILE)
        return said if is_default else self.config.get(key, said)

    @staticmethod
    def _load_config(config_path: str | Path | None, args: Sequence[str]) -> Config:
        if config_path is not None:
            return Config.from_file(config_path, args=args)
        found = next((Path(name) for name in _CANDIDATES if Path(name).is_file()), Path("pyfly.yaml"))
        base = found.parent.parent if found.parent.name == "config" else found.parent
        return Config.from_sources(base, args=args)

    @staticmethod
    def _resolve_profiles_early(config_dir: str | Path) -> list[str]:
        """Return the profiles that the configuration in *config_dir* is loaded with."""
        return list(Config.from_sources(config_dir).active_profiles)

    def _print_banner(self) -> None:
        text = BannerPrinter.from_config(
            self.config,
            version=__version__,
            app_name=self.name,
            app_version=self.version,
            active_profiles=self._context.environment.active_profiles,
        ).render()
        if text:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()

    def _log_beginning(self) -> None:
        self._log.info("starting_application", app=self.name, version=self.version)
        profiles = self._context.environment.active_profiles
        if profiles:
            self._log.info("active_profiles", profiles=profiles)
        else:
            self._log.info("no_active_profiles", message="No active profiles set, falling back to default")
        for source in self.config.loaded_sources:
            self._log.debug("loaded_config", source=source)
        for package, count in self._scanned.items():
            self._log.debug("scanned_package", package=package, beans_found=count)

    def _report(self, failure: Exception) -> None:
        _print_report(failure)
        self._log.error(
            "application_failed",
            app=self.name,
            error=str(failure).splitlines()[0] if str(failure) else type(failure).__name__,
            subsystem=getattr(failure, "subsystem", "startup"),
            provider=getattr(failure, "provider", "unknown"),
        )
        logging.getLogger("pyfly.core").debug("The failure in full", exc_info=failure)

    def _log_routes(self, routes: Sequence[Any], *, docs_enabled: bool) -> None:
        if not routes:
            return
        self._log.info("mapped_endpoints", count=len(routes))
        for route in routes:
            self._log.debug(
                "request_mapping", method=route.http_method, path=route.path, handler=route.handler_name
            )
        if docs_enabled:
            base = str(self.config.get("pyfly.web.base-path", "") or "").rstrip("/")
            self._log.info(
                "api_documentation",
                swagger_ui=f"{base}/docs",
                redoc=f"{base}/redoc",
                openapi=f"{base}/openapi.json",
            )

    def _web_metadata(self) -> tuple[Sequence[Any], bool]:
        """The routes to log: those somebody handed over, else those of the web application."""
        if self._route_metadata or not self._context.container.definitions_of(AsgiApplication):
            return self._route_metadata, self._docs_enabled
        state = getattr(self._web_application(), "state", None)
        return getattr(state, "pyfly_route_metadata", ()), getattr(state, "pyfly_docs_enabled", False)


def _print_report(failure: Exception) -> None:
    sys.stderr.write("\n" + failure_report(failure) + "\n")
    sys.stderr.flush()


def is_reported(failure: BaseException) -> bool:
    """Say whether an application has printed the report of *failure*: as it was made, or as it started."""
    reporting = {PyFlyApplication.__init__.__code__, PyFlyApplication.startup.__code__}
    return any(frame.f_code in reporting for frame, _ in walk_tb(failure.__traceback__))

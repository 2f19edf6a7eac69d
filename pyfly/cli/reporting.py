"""What ``pyfly run`` tells about a start: its failure, once, and with ``--debug`` how it came about."""

import traceback
from types import TracebackType
from typing import Self

import click

from pyfly.cli.errors import print_traceback
from pyfly.core.application import PyFlyApplication, is_reported
from pyfly.core.config.config import Config
from pyfly.core.failure import failure_report
from pyfly.core.lifespan import LifespanError
from pyfly.core.sockets import interfaces
from pyfly.logging.event_logger import EventLogger


class Starting:
    """Surrounds a start: what goes wrong inside ``with`` is reported instead of raised.

    Attributes:
        failed: Whether something went wrong.
    """

    def __init__(self, *, debug: bool) -> None:
        """Tell everything if *debug*, else what helps."""
        self.failed = False
        self._debug = debug
        self._application: PyFlyApplication | None = None

    def watch(self, application: PyFlyApplication | None) -> None:
        """Remember *application*, to tell about its start."""
        self._application = application

    def config(self, otherwise: Config) -> Config:
        """Return the configuration of the application, if it is known."""
        return self._application.config if self._application is not None else otherwise

    def listening(self, url: str, host: str = "") -> None:
        """Say that connections are accepted at *url*, and that others are too if *host* means all addresses."""
        EventLogger("pyfly.core").info("listening", url=url, **interfaces(host))
        if self._debug:
            self._tell_decisions()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None or isinstance(error, click.ClickException | click.exceptions.Exit | click.Abort):
            return False
        if isinstance(error, SystemExit) and error.code in (0, None):
            return False
        self._fail(error)
        return True

    def _fail(self, error: BaseException) -> None:
        self.failed = True
        failure = _carried_by(error)
        origin = started_by(failure)
        self._application = origin or self._application
        if isinstance(error, SystemExit):
            if isinstance(error.code, str):
                click.echo(error.code, err=True)
        elif not is_reported(failure):
            click.echo(f"\n{failure_report(failure)}", err=True)
        if self._debug:
            self._tell_decisions()
            print_traceback(failure)

    def _tell_decisions(self) -> None:
        if self._application is not None:
            report = self._application.context.report
            click.echo(f"\nConditions\n\n{report.render_conditions()}", err=True)
            click.echo(f"Phases\n\n{report.render_phases()}", err=True)


def _carried_by(error: BaseException) -> BaseException:
    """Return what *error* only tells of, or *error* itself."""
    if isinstance(error, SystemExit):
        return error.__context__ or error
    return (error.__cause__ or error) if isinstance(error, LifespanError) else error


def started_by(failure: BaseException) -> PyFlyApplication | None:
    """Return the application out of whose start *failure* came; that one has printed its report."""
    startup = PyFlyApplication.startup.__code__
    frames = (frame for frame, _ in traceback.walk_tb(failure.__traceback__) if frame.f_code is startup)
    return next((frame.f_locals["self"] for frame in frames), None)

"""What happens when ``pyfly run`` runs an application."""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from pyfly.cli.applications import behind
from pyfly.cli.reporting import Starting
from pyfly.cli.targets import discover, load, make_importable
from pyfly.core.application import PyFlyApplication
from pyfly.core.config.config import Config
from pyfly.core.config.keys import parse_key
from pyfly.kernel.record import Record


class Flags(Record, kw_only=True):
    """What the command line says; it wins over configuration."""

    app: str | None = None
    host: str | None = None
    port: int | None = None
    workers: int | None = None
    reload: bool = False
    profiles: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()

    def settings(self) -> dict[str, str]:
        """Return the configuration that the flags stand for, by key."""
        said = {
            "pyfly.web.host": self.host,
            "pyfly.web.port": self.port,
            "pyfly.web.workers": self.workers,
            "pyfly.profiles.active": ",".join(self.profiles) or None,
        }
        given = (each[2:].partition("=") for each in self.arguments if each.startswith("--"))
        return {
            **{key: value for key, _, value in given},
            **{key: str(value) for key, value in said.items() if value is not None},
        }


def run_application(flags: Flags, *, debug: bool) -> bool:
    """Run what *flags* say to its end and return whether it could start; if not, the reason has been told.

    Raises:
        ClickException: There is nothing to run.
    """
    with Starting(debug=debug) as starting:
        _on_signals_end()
        _run(flags, starting)
    return not starting.failed


def _run(flags: Flags, starting: Starting) -> None:
    # Worker processes and applications made while their module is imported see the flags as environment.
    os.environ.update({parse_key(key).variable: value for key, value in flags.settings().items()})
    folder = Path.cwd()
    config = Config.from_sources(folder)
    target = flags.app or discover(config, folder)
    if target is None:
        raise click.ClickException(
            "No application found: set pyfly.app.module in pyfly.yaml, or name it with --app package.module:name."
        )
    make_importable(folder)
    if flags.reload:
        _run_reloading(config, target)
    else:
        _run_here(config, target, flags.arguments, starting)


def _run_here(config: Config, target: str, arguments: Sequence[str], starting: Starting) -> None:
    module, found = load(target)
    application = PyFlyApplication(found, args=arguments) if isinstance(found, type) else found
    starting.watch(behind((application, *vars(module).values())))
    if isinstance(application, PyFlyApplication):
        application.run()
        return
    if not callable(application):
        raise click.ClickException(
            f"{target} is neither an application nor an entry class: {type(found).__name__}."
        )
    _require_server()
    from pyfly.cli.serving import serve
    from pyfly.web.properties import WebProperties

    properties = starting.config(config).bind(WebProperties)
    serve(application, properties, lambda url: starting.listening(url, properties.host))


def _run_reloading(config: Config, target: str) -> None:
    _require_server()
    from pyfly.cli.processes import serve_reloading
    from pyfly.web.properties import WebProperties

    serve_reloading(target, config.bind(WebProperties))


def _require_server() -> None:
    from importlib.util import find_spec

    if find_spec("uvicorn") is None:
        raise click.ClickException("Serving needs uvicorn, which is not installed: pip install 'pyfly[web]'")


def _on_signals_end() -> None:
    """Leave with 0 at any time; while there is an event loop, it stops the application first."""
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _leave)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)

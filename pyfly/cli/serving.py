"""Serving one application in this process until a signal arrives."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

from pyfly.core.application import PyFlyApplication, is_reported
from pyfly.core.asgi import AsgiApplication
from pyfly.core.failure import failure_report
from pyfly.core.lifespan import LifespanError, lifespan
from pyfly.core.loops import loop_factory
from pyfly.core.sockets import listen
from pyfly.web.properties import WebProperties

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(app: AsgiApplication, properties: WebProperties, started: Callable[[str], None]) -> None:
    """Start *app*, listen where *properties* say, and stop it after SIGINT or SIGTERM.

    Raises:
        BeanCreationException: The port is taken; nothing has been started.
        LifespanError: The application did not start or stop.
    """
    # A taken port is told before anything else begins; the real socket is made when there is something to serve.
    listen(properties.host, properties.port).close()
    if properties.workers > 1 and hasattr(os, "fork"):
        code = _serve_by_workers(app, properties, started)
        if code:
            raise SystemExit(code)
        return
    _serve_here(app, properties, started)


def _serve_by_workers(app: AsgiApplication, properties: WebProperties, started: Callable[[str], None]) -> int:
    from pyfly.core.workers import Ready, Workers

    def work(ready: Ready) -> None:
        def listening(url: str) -> None:
            started(url)
            ready()

        try:
            _serve_here(app, properties, listening)
        except LifespanError as failure:
            cause = failure.__cause__ or failure
            if not is_reported(cause):
                sys.stderr.write(f"\n{failure_report(cause)}\n")
            raise SystemExit(1) from None

    limit = properties.shutdown_timeout + properties.shutdown_delay
    with listen(properties.host, properties.port) as sock:
        return Workers(properties.workers, work, sock, limit).run()


def _serve_here(app: AsgiApplication, properties: WebProperties, started: Callable[[str], None]) -> None:
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(app, properties, started))


async def _serve(app: AsgiApplication, properties: WebProperties, started: Callable[[str], None]) -> None:
    work = asyncio.ensure_future(_serve_until_cancelled(app, properties, started))

    def told_to_stop() -> None:
        application = getattr(app, "application", None)
        if isinstance(application, PyFlyApplication):
            application.context.refuse_traffic()
        work.cancel()

    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop)
    with suppress(asyncio.CancelledError):
        await work


async def _serve_until_cancelled(
    app: AsgiApplication, properties: WebProperties, started: Callable[[str], None]
) -> None:
    from pyfly.web.adapters.uvicorn.server import UvicornServer

    async with lifespan(app) as target:
        await UvicornServer(properties).serve(target, started=started)

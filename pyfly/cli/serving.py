"""Serving one application in this process until a signal arrives."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec

from pyfly.cli.lifespan import lifespan
from pyfly.core.asgi import AsgiApplication
from pyfly.web.properties import WebProperties

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(app: AsgiApplication, properties: WebProperties, started: Callable[[str], None]) -> None:
    """Start *app*, listen where *properties* say, and stop it after SIGINT or SIGTERM.

    Raises:
        BeanCreationException: The port is taken; nothing has been started.
        LifespanError: The application did not start or stop.
    """
    from pyfly.web.adapters.uvicorn.sockets import listen

    # A taken port is told before anything else begins; the real socket is made when there is something to serve.
    listen(properties.host, properties.port).close()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(app, properties, started))


async def _serve(app: AsgiApplication, properties: WebProperties, started: Callable[[str], None]) -> None:
    work = asyncio.ensure_future(_serve_until_cancelled(app, properties, started))
    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    with suppress(asyncio.CancelledError):
        await work


async def _serve_until_cancelled(
    app: AsgiApplication, properties: WebProperties, started: Callable[[str], None]
) -> None:
    from pyfly.web.adapters.uvicorn.server import UvicornServer

    async with lifespan(app) as target:
        await UvicornServer(properties).serve(target, started=started)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if find_spec("uvloop") is None:
        return None
    from uvloop import new_event_loop

    return new_event_loop

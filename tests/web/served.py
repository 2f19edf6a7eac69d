"""Applications booted from a configuration and served by a real server on a free port."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

from pyfly.context.application_context import ApplicationContext
from pyfly.core.asgi import ApplicationServer, AsgiApplication
from pyfly.core.config.config import Config
from pyfly.web.auto_configuration import WebAutoConfiguration


class Served(NamedTuple):
    """A running application: its URL, its context, the task that serves it."""

    url: str
    context: ApplicationContext
    task: asyncio.Task[None]

    @property
    def ws(self) -> str:
        """The URL for websockets."""
        return self.url.replace("http", "ws", 1)


@asynccontextmanager
async def served(*classes: type, **settings: Any) -> AsyncIterator[Served]:
    """Boot an application of *classes* and serve it; ``websocket__idle_timeout`` is ``pyfly.web.websocket.idle-timeout``."""
    config = {"host": "127.0.0.1", "port": 0, "shutdown-timeout": "2s"}
    config.update({key.replace("__", ".").replace("_", "-"): value for key, value in settings.items()})
    context = ApplicationContext(Config({f"pyfly.web.{key}": value for key, value in config.items()}))
    for cls in (*classes, WebAutoConfiguration):
        context.register_bean(cls)
    async with context:
        server = await context.aget_bean(ApplicationServer)  # type: ignore[type-abstract]
        app = context.get_bean(AsgiApplication)  # type: ignore[type-abstract]
        url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(server.serve(app, started=url.set_result))
        waiting = asyncio.ensure_future(asyncio.wait_for(url, 10))
        await asyncio.wait({waiting, task}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            task.result()
        try:
            yield Served(await waiting, context, task)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def eventually(holds: Callable[[], object]) -> None:
    """Wait until *holds*, which another task or process brings about, for five seconds at most."""
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110  # what is waited for has no event
            await asyncio.sleep(0.005)

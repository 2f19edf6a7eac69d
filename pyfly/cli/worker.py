"""What a worker process imports: ``pyfly.cli.worker:app`` is the application that its parent was asked to run."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from pyfly.cli.processes import TARGET
from pyfly.cli.targets import load, make_importable
from pyfly.core.application import PyFlyApplication, is_reported
from pyfly.core.asgi import Answer, AsgiApplication, Message, Receive, Refusal, Send, refused
from pyfly.core.failure import failure_report

_START_FAILURE = 3
"""The exit code by which uvicorn's supervisor knows that another try would fail as well."""


def __getattr__(name: str) -> AsgiApplication:
    if name != "app":
        raise AttributeError(name)
    make_importable(Path.cwd())
    try:
        return _Watched(asgi_of(load(os.environ[TARGET])[1]))
    except Exception as failure:  # noqa: BLE001  # whatever it is, it is reported and ends this process
        _report(failure)
        sys.exit(_START_FAILURE)


def asgi_of(found: Any) -> AsgiApplication:
    """Return the ASGI application that *found* is or has: an entry class, an application, or ASGI itself."""
    application = PyFlyApplication(found) if isinstance(found, type) else found
    return application.asgi() if isinstance(application, PyFlyApplication) else application


def _report(failure: BaseException) -> None:
    if not is_reported(failure):
        sys.stderr.write(f"\n{failure_report(failure)}\n")


class _Watched(AsgiApplication):
    """Notices that the start failed, and sees to it that the reason is told."""

    def __init__(self, app: AsgiApplication) -> None:
        self._app = app
        self.application = getattr(app, "application", None)

    def refuse(self, refusal: Refusal, scope: Message | None = None, *, begun: bool = False) -> Answer:
        return refused(self._app, refusal, scope, begun=begun)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, partial(_watched, send))
        except Exception as failure:
            _report(failure)
            raise


async def _watched(send: Send, message: Message) -> None:
    if message["type"] == "lifespan.startup.failed":
        message = {"type": message["type"]}  # the report says more than the line that a server would log
    await send(message)

"""The ASGI lifespan, seen from the side of whoever serves an application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from pyfly.core.asgi import AsgiApplication, Message, Receive, Send, drain


class LifespanError(Exception):
    """The application said that it cannot start or stop. What it raised is the cause, if anything."""


@asynccontextmanager
async def lifespan(app: AsgiApplication) -> AsyncIterator[AsgiApplication]:
    """Start *app*, give what is to be served, and stop it in the end.

    An application that knows no lifespan is served as it is.

    Raises:
        LifespanError: It said that it failed to start, or to stop.
    """
    talk = _Lifespan(app)
    await talk.tell("startup")
    try:
        yield _WithState(app, talk.state) if talk.state else app
    finally:
        await talk.tell("shutdown")


class _Lifespan:
    """One conversation with an application, which runs in a task of its own."""

    def __init__(self, app: AsgiApplication) -> None:
        self.state: dict[str, Any] = {}
        self._app: Any = app
        self._to_app: asyncio.Queue[Message] = asyncio.Queue()
        self._answers: asyncio.Queue[Message] = asyncio.Queue()
        self._has_started = False
        self._task: asyncio.Task[None] | None = None

    async def tell(self, phase: str) -> None:
        """Send one event and wait until the application has dealt with it."""
        if self._task is None:
            scope = {
                "type": "lifespan",
                "asgi": {"version": "3.0", "spec_version": "2.0"},
                "state": self.state,
            }
            self._task = asyncio.ensure_future(self._app(scope, self._to_app.get, self._hear))
        elif self._task.done():
            return
        self._to_app.put_nowait({"type": f"lifespan.{phase}"})
        try:
            said = await self._answer(self._task)
            if said is None or phase == "shutdown" or said["type"].endswith(".failed"):
                await asyncio.wait({self._task})
        except asyncio.CancelledError:
            await self._leave(self._task, phase)
            raise
        cause = self._task.exception() if self._task.done() and not self._task.cancelled() else None
        if said is not None and said["type"].endswith(".failed"):
            raise LifespanError(str(said.get("message") or f"{phase} failed")) from cause

    async def _leave(self, task: "asyncio.Task[None]", phase: str) -> None:
        """End a phase that was interrupted: a start that is under way is cancelled, what has started is stopped."""
        if phase == "startup" and self._has_started:
            with suppress(LifespanError):
                await self.tell("shutdown")
        else:
            task.cancel()
            await asyncio.wait({task})

    async def _answer(self, task: "asyncio.Task[None]") -> Message | None:
        answer = asyncio.ensure_future(self._answers.get())
        try:
            await asyncio.wait({answer, task}, return_when=asyncio.FIRST_COMPLETED)
            return answer.result() if answer.done() else None
        finally:
            answer.cancel()

    async def _hear(self, message: Message) -> None:
        self._has_started = self._has_started or message["type"] == "lifespan.startup.complete"
        self._answers.put_nowait(message)


class _WithState(AsgiApplication):
    """An application every connection of which gets a copy of what its lifespan left."""

    def __init__(self, app: AsgiApplication, state: dict[str, Any]) -> None:
        self._app = app
        self._state = state

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        scope["state"] = self._state.copy()
        await self._app(scope, receive, send)

    def drain(self) -> None:
        drain(self._app)

"""What beans under test did, in order, and what is to happen to them on the way."""

import asyncio
from collections.abc import Awaitable, Callable

Act = Callable[[], Awaitable[None]]


class Journal:
    """Beans write down what happened to them; a test arms the places where something is to happen."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._armed: dict[tuple[str, str], Act] = {}

    def clear(self) -> None:
        self.lines.clear()
        self._armed.clear()

    def arm(self, place: str, name: str, act: Act) -> None:
        """Let *act* happen when the bean *name* reaches *place*."""
        self._armed[place, name] = act

    async def reach(self, place: str, name: str) -> None:
        """Do what is armed here, if anything."""
        act = self._armed.get((place, name))
        if act is not None:
            await act()

    def reach_now(self, place: str, name: str) -> None:
        """Do what is armed here without an event loop: it can only raise."""
        act = self._armed.get((place, name))
        if act is not None:
            act().__await__().send(None)

    def note(self, what: str, name: str) -> None:
        self.lines.append((what, name))

    def names(self, what: str) -> list[str]:
        return [name for each, name in self.lines if each == what]


JOURNAL = Journal()


class RefusedError(Exception):
    """What a bean raises because a test wants it to."""


async def fail() -> None:
    raise RefusedError("the other side refused")


async def hang() -> None:
    await asyncio.Event().wait()


async def cancel() -> None:
    raise asyncio.CancelledError


async def hang_on() -> None:
    """Hang, and ignore the first request to stop."""
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.Event().wait()


ACTS: dict[str, Act] = {"fail": fail, "hang": hang, "cancel": cancel, "hang-on": hang_on}

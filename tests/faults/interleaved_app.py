"""What requests must not see of each other: an application that looks at its context wherever it can be lost."""

import asyncio
from contextvars import ContextVar
from typing import ClassVar
from weakref import WeakSet

from pyfly.container import Provider, Scope, rest_controller, service
from pyfly.context import pre_destroy
from pyfly.kernel.correlation import correlation
from pyfly.web import Body, PathVar, get_mapping, post_mapping

USER: ContextVar[str] = ContextVar("tests.user", default="")

Seen = dict[str, str]


@service(scope=Scope.REQUEST)
class Visit:
    """What one request keeps for itself."""

    alive: ClassVar["WeakSet[Visit]"] = WeakSet()
    made = 0
    destroyed = 0
    destroyed_again = 0

    def __init__(self) -> None:
        self.user = ""
        self.ended = False
        Visit.alive.add(self)
        Visit.made += 1

    @pre_destroy
    def end(self) -> None:
        Visit.destroyed_again += self.ended
        Visit.destroyed += 1
        self.ended = True

    @classmethod
    def forget(cls) -> None:
        cls.made = cls.destroyed = cls.destroyed_again = 0
        cls.alive.clear()


@service
class Eyes:
    """A singleton that looks at whatever request is current."""

    def __init__(self, visits: Provider[Visit]) -> None:
        self.visits = visits
        self.later: list[tuple[Seen, Seen]] = []
        self.tasks: set[asyncio.Task[None]] = set()

    def look(self) -> Seen:
        return {"user": USER.get(), "id": correlation.get(), "visit": self.visits.get().user}

    async def look_in_task(self) -> Seen:
        await asyncio.sleep(0)
        return self.look()

    async def look_later(self, expected: Seen) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        found = {"user": USER.get(), "id": correlation.get()}
        self.later.append((found, {name: expected[name] for name in found}))


@rest_controller
class Ways:
    """Handlers that answer with everything they have seen on their way."""

    def __init__(self, eyes: Eyes) -> None:
        self.eyes = eyes

    @get_mapping("/plain/{user}/{steps}")
    async def plain(self, user: PathVar[str], steps: PathVar[int], visit: Visit) -> list[Seen]:
        seen = [self._enter(user, visit)]
        for _ in range(steps):
            await asyncio.sleep(0)
            seen.append(self.eyes.look())
        return seen

    @get_mapping("/threads/{user}/{steps}")
    async def threads(self, user: PathVar[str], steps: PathVar[int], visit: Visit) -> list[Seen]:
        seen = [self._enter(user, visit)]
        for _ in range(min(steps, 2)):
            seen += [await asyncio.to_thread(self.eyes.look), self.eyes.look()]
        return seen

    @get_mapping("/group/{user}/{steps}")
    async def group(self, user: PathVar[str], steps: PathVar[int], visit: Visit) -> list[Seen]:
        first = self._enter(user, visit)
        async with asyncio.TaskGroup() as children:
            looking = [children.create_task(self.eyes.look_in_task()) for _ in range(steps)]
        return [first, *(child.result() for child in looking), self.eyes.look()]

    @get_mapping("/background/{user}/{steps}")
    async def background(self, user: PathVar[str], steps: PathVar[int], visit: Visit) -> list[Seen]:
        first = self._enter(user, visit)
        task = asyncio.create_task(self.eyes.look_later(first))
        self.eyes.tasks.add(task)
        task.add_done_callback(self.eyes.tasks.discard)
        return [first, await self.eyes.look_in_task()]

    @get_mapping("/sync/{user}/{steps}")
    def sync(self, user: PathVar[str], steps: PathVar[int], visit: Visit) -> list[Seen]:
        return [self._enter(user, visit), *(self.eyes.look() for _ in range(steps))]

    @post_mapping("/body/{user}/{steps}")
    async def body(
        self, user: PathVar[str], steps: PathVar[int], text: Body[bytes], visit: Visit
    ) -> list[Seen]:
        first = self._enter(user, visit) | {"visit": text.decode()}
        return [first, *[await self.eyes.look_in_task() for _ in range(steps)]]

    def _enter(self, user: str, visit: Visit) -> Seen:
        if USER.get() or visit.user:
            return {"user": USER.get(), "id": "left over", "visit": visit.user}
        USER.set(user)
        visit.user = user
        return self.eyes.look()

"""pyfly."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from benchmarks.contenders.di.model import (
    PORTS,
    SCOPED,
    TRANSIENTS,
    Config,
    Conn,
    Port,
    Root,
    Svc,
)
from pyfly.container import Container, Scope, bean, configuration
from pyfly.context import ApplicationContext
from pyfly.core.config import Config as Settings

DISTRIBUTIONS = ("pyfly",)


@configuration
class Connections:
    @bean(scope=Scope.REQUEST)
    def conn(self) -> Iterator[Conn]:
        connection = Conn()
        try:
            yield connection
        finally:
            connection.closed = True


@configuration
class AsyncConnections:
    @bean(scope=Scope.REQUEST)
    async def conn(self) -> AsyncIterator[Conn]:
        connection = Conn()
        try:
            yield connection
        finally:
            connection.closed = True


async def _started(connections: type) -> Container:
    context = ApplicationContext(Settings({}))
    context.register_bean(connections)
    context.register_bean(Config, name="config")
    for cls in TRANSIENTS:
        context.register_bean(cls, scope=Scope.TRANSIENT)
    for cls in SCOPED:
        context.register_bean(cls, scope=Scope.REQUEST)
    for cls in PORTS:
        context.register_bean(cls)
    await context.start()
    return context.container


_loop = asyncio.get_event_loop()
_container = _loop.run_until_complete(_started(Connections))
_acontainer = _loop.run_until_complete(_started(AsyncConnections))


def singleton() -> Config:
    return _container.resolve(Config)


def transient7() -> Root:
    return _container.resolve(Root)


def scope_sync() -> Svc:
    with _container.scope(Scope.REQUEST):
        return _container.resolve(Svc)


async def scope_async() -> Svc:
    async with _acontainer.ascope(Scope.REQUEST):
        return await _acontainer.aresolve(Svc)


def list5() -> list[Port]:
    return _container.resolve_all(Port)


def by_name() -> object:
    return _container.resolve_by_name("config")

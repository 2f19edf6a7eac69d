"""dishka."""

from collections.abc import Callable

from dishka import Provider, Scope, make_async_container, make_container

from benchmarks.contenders.di.model import (
    PORTS,
    SCOPED,
    TRANSIENTS,
    Config,
    Port,
    Root,
    Svc,
    aopen_conn,
    open_conn,
)

DISTRIBUTIONS = ("dishka",)


def _providers(connection: Callable[..., object]) -> tuple[Provider, Provider]:
    main = Provider(scope=Scope.APP)
    main.provide(Config)
    for cls in TRANSIENTS:
        main.provide(cls, cache=False)
    for port in PORTS:
        main.provide(port, provides=Port)
    main.collect(Port, scope=Scope.APP, cache=False)
    for cls in SCOPED:
        main.provide(cls, scope=Scope.REQUEST)
    main.provide(connection, scope=Scope.REQUEST)
    named = Provider(scope=Scope.APP, component="config")
    named.provide(Config)
    return main, named


_container = make_container(*_providers(open_conn))
_acontainer = make_async_container(*_providers(aopen_conn))


def singleton() -> Config:
    return _container.get(Config)


def transient7() -> Root:
    return _container.get(Root)


def scope_sync() -> Svc:
    with _container() as scope:
        return scope.get(Svc)


async def scope_async() -> Svc:
    async with _acontainer() as scope:
        return await scope.get(Svc)


def list5() -> list[Port]:
    return _container.get(list[Port])


def by_name() -> Config:
    return _container.get(Config, component="config")

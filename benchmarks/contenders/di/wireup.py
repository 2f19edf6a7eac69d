"""wireup."""

from collections.abc import Sequence

from wireup import create_async_container, create_sync_container, injectable

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

DISTRIBUTIONS = ("wireup",)


@injectable(qualifier="config")
def named_config() -> Config:
    return Config()


injectable(Config)
for _cls in TRANSIENTS:
    injectable(_cls, lifetime="transient")
for _cls in SCOPED:
    injectable(_cls, lifetime="scoped")
for _cls in PORTS:
    injectable(_cls, qualifier=_cls.__name__, as_type=Port)

_beans = [Config, named_config, *TRANSIENTS, *SCOPED, *PORTS]
_container = create_sync_container(injectables=[*_beans, injectable(open_conn, lifetime="scoped")])
_acontainer = create_async_container(injectables=[*_beans, injectable(aopen_conn, lifetime="scoped")])
# Transients resolve in a scope only; one that stays open leaves the graph alone to be measured.
_scope = _container.enter_scope().__enter__()


def singleton() -> Config:
    return _container.get(Config)


def transient7() -> Root:
    return _scope.get(Root)


def scope_sync() -> Svc:
    with _container.enter_scope() as scope:
        return scope.get(Svc)


async def scope_async() -> Svc:
    async with _acontainer.enter_scope() as scope:
        return await scope.get(Svc)


def list5() -> Sequence[Port]:
    return _container.get(Sequence[Port])


def by_name() -> Config:
    return _container.get(Config, qualifier="config")

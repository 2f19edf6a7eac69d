"""Hand-written wiring: the shortest correct code for the same work."""

from benchmarks.contenders.di.model import (
    PORTS,
    A,
    B,
    C,
    Config,
    D,
    E,
    F,
    Port,
    Repo1,
    Repo2,
    Root,
    Svc,
    aopen_conn,
    open_conn,
)

_config = Config()
_names = {"config": _config}
_one, _two, _three, _four, _five = (cls() for cls in PORTS)


def get_config() -> Config:
    return _config


def get_by_name(name: str) -> object:
    return _names[name]


def get_ports() -> list[Port]:
    return [_one, _two, _three, _four, _five]


def new_root() -> Root:
    return Root(A(C(), D()), B(E(), F()))


def singleton() -> Config:
    return get_config()


def transient7() -> Root:
    return new_root()


def scope_sync() -> Svc:
    opened = open_conn()
    conn = next(opened)
    try:
        return Svc(Repo1(conn), Repo2(conn), _config)
    finally:
        next(opened, None)


async def scope_async() -> Svc:
    opened = aopen_conn()
    conn = await anext(opened)
    try:
        return Svc(Repo1(conn), Repo2(conn), _config)
    finally:
        await anext(opened, None)


def list5() -> list[Port]:
    return get_ports()


def by_name() -> object:
    return get_by_name("config")

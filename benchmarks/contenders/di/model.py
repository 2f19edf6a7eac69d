"""The classes that every contender wires."""

from collections.abc import AsyncIterator, Iterator


class Config:
    """A singleton without dependencies."""


class C: ...


class D: ...


class E: ...


class F: ...


class A:
    def __init__(self, c: C, d: D) -> None:
        self.c = c
        self.d = d


class B:
    def __init__(self, e: E, f: F) -> None:
        self.e = e
        self.f = f


class Root:
    def __init__(self, a: A, b: B) -> None:
        self.a = a
        self.b = b


class Conn:
    """A resource that its scope must close."""

    def __init__(self) -> None:
        self.closed = False


class Repo1:
    def __init__(self, conn: Conn) -> None:
        self.conn = conn


class Repo2:
    def __init__(self, conn: Conn) -> None:
        self.conn = conn


class Svc:
    def __init__(self, one: Repo1, two: Repo2, config: Config) -> None:
        self.one = one
        self.two = two
        self.config = config


class Port:
    """A type with five implementations."""


class One(Port): ...


class Two(Port): ...


class Three(Port): ...


class Four(Port): ...


class Five(Port): ...


TRANSIENTS: tuple[type, ...] = (C, D, E, F, A, B, Root)
SCOPED: tuple[type, ...] = (Repo1, Repo2, Svc)
PORTS: tuple[type, ...] = (One, Two, Three, Four, Five)


def open_conn() -> Iterator[Conn]:
    """The one connection of a scope; closed when the scope ends."""
    conn = Conn()
    try:
        yield conn
    finally:
        conn.closed = True


async def aopen_conn() -> AsyncIterator[Conn]:
    """The same for async scopes."""
    conn = Conn()
    try:
        yield conn
    finally:
        conn.closed = True

"""dependency-injector: compiled providers; it has no scopes."""

from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Factory, List, Singleton

from benchmarks.contenders.di.model import PORTS, A, B, C, Config, D, E, F, Port, Root

DISTRIBUTIONS = ("dependency-injector",)


class Wiring(DeclarativeContainer):
    config = Singleton(Config)
    root = Factory(
        Root,
        a=Factory(A, c=Factory(C), d=Factory(D)),
        b=Factory(B, e=Factory(E), f=Factory(F)),
    )
    ports = List(*map(Singleton, PORTS))


_container = Wiring()


def singleton() -> Config:
    return _container.config()


def transient7() -> Root:
    return _container.root()


def list5() -> list[Port]:
    return _container.ports()


def by_name() -> object:
    return _container.providers["config"]()

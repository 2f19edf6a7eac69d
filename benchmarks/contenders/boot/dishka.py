"""dishka: it has no scanner, so the shortest one that finds the classes stands in."""

import asyncio
from functools import partial
from importlib import import_module
from pkgutil import iter_modules

from dishka import Provider, Scope, make_container

DISTRIBUTIONS = ("dishka",)


async def start(size: int) -> list[object]:
    package = import_module(f"bench_beans_plain_{size}")
    modules = [import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__)]
    classes = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
    ]
    provider = Provider(scope=Scope.APP)
    for cls in classes:
        provider.provide(cls)
    container = make_container(provider)
    return [container.get(cls) for cls in classes]


def boot(size: int) -> list[object]:
    return asyncio.run(start(size))


boot_10 = partial(boot, 10)
boot_100 = partial(boot, 100)
boot_1000 = partial(boot, 1000)

"""wireup: its own discovery, then every singleton asked for once."""

import asyncio
from functools import partial
from importlib import import_module
from sys import modules

from wireup import create_sync_container

DISTRIBUTIONS = ("wireup",)


async def start(size: int) -> list[object]:
    package = import_module(f"bench_beans_wireup_{size}")
    container = create_sync_container(injectables=[package])
    prefix = f"{package.__name__}."
    classes = {
        value
        for name, module in modules.items()
        if name.startswith(prefix)
        for value in vars(module).values()
        if isinstance(value, type)
    }
    return [container.get(cls) for cls in classes]


def boot(size: int) -> list[object]:
    return asyncio.run(start(size))


boot_10 = partial(boot, 10)
boot_100 = partial(boot, 100)
boot_1000 = partial(boot, 1000)

"""pyfly: scan the package, start the context; all beans are made when it is ready."""

import asyncio
from functools import partial

from pyfly.container.scanner import scan_package
from pyfly.context import ApplicationContext
from pyfly.core.config import Config

DISTRIBUTIONS = ("pyfly",)


async def start(size: int) -> list[object]:
    package = f"bench_beans_pyfly_{size}"
    context = ApplicationContext(Config({}))
    scan_package(package, context.container)
    await context.start()
    container = context.container
    definitions = container.definitions()
    return [container.get(found) for found in definitions if found.type.__module__.startswith(package)]


def boot(size: int) -> list[object]:
    return asyncio.run(start(size))


boot_10 = partial(boot, 10)
boot_100 = partial(boot, 100)
boot_1000 = partial(boot, 1000)

"""Hand-written wiring: import every module, construct every bean in order."""

import asyncio
from functools import partial


async def start(size: int) -> list[object]:
    wiring = __import__(f"bench_beans_plain_{size}_wiring")
    beans: list[object] = wiring.wire()
    return beans


def boot(size: int) -> list[object]:
    return asyncio.run(start(size))


boot_10 = partial(boot, 10)
boot_100 = partial(boot, 100)
boot_1000 = partial(boot, 1000)

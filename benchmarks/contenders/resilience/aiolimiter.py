"""aiolimiter: limits of rate, in one event loop."""

from aiolimiter import AsyncLimiter

from benchmarks.contenders.resilience.model import BURST, RATE, work_async

DISTRIBUTIONS = ("aiolimiter",)

_limiter = AsyncLimiter(BURST, BURST / RATE)


async def limiter_async() -> int:
    async with _limiter:
        return await work_async(41)

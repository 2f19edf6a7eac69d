"""tenacity: retries."""

from tenacity import retry, stop_after_attempt, wait_exponential

from benchmarks.contenders.resilience.model import ATTEMPTS, work, work_async

DISTRIBUTIONS = ("tenacity",)

_policy = retry(stop=stop_after_attempt(ATTEMPTS), wait=wait_exponential(multiplier=0.1), reraise=True)
_retried = _policy(work)
_retried_async = _policy(work_async)


def retry_sync() -> int:
    return _retried(41)


async def retry_async() -> int:
    return await _retried_async(41)

"""Limits by key: whatever counts, each key has a limit of its own."""

import pytest

from pyfly.kernel.exceptions import RateLimitException
from pyfly.resilience import Limiter, RateLimiter, SharedRateLimiter, rate_limiter
from pyfly.resilience.adapters.memory import MemoryTokenStore


@pytest.mark.parametrize(
    "limiter",
    [RateLimiter(1, 0.001, name="api"), SharedRateLimiter(MemoryTokenStore(), 1, 0.001, name="api")],
    ids=["own", "shared"],
)
async def test_each_key_has_a_limit_of_its_own(limiter: Limiter) -> None:
    @rate_limiter(limiter, key=lambda user: user)
    async def call(user: str) -> str:
        return user

    assert [await call("ann"), await call("bob")] == ["ann", "bob"]
    with pytest.raises(RateLimitException, match="Rate limit exceeded") as refused:
        await call("ann")
    assert refused.value.context["retry_after"] == pytest.approx(1000, rel=0.01)
    assert limiter.snapshot()["events"] == {"rejected": 1}

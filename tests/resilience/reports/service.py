"""An application that shares limits and locks with its replicas."""

from pyfly.container import service
from pyfly.resilience import Lease, Locks, rate_limiter


@service
class Reports:
    def __init__(self, locks: Locks) -> None:
        self.locks = locks

    @rate_limiter("api")
    async def ask(self) -> str:
        return "answer"

    @rate_limiter("per-user", key=lambda self, user: user)
    async def ask_as(self, user: str) -> str:
        return user

    async def write(self) -> Lease:
        async with self.locks.hold("report") as lease:
            return lease
